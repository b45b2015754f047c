"""From a request to durable messages, by HTTP and by SMPP."""
