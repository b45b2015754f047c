"""Fourth stage: messages go from the outbox to their providers, each as fast as it takes them."""
