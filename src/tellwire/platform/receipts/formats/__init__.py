"""One file a wire: a provider's callback becomes words that `reconcile` understands."""
