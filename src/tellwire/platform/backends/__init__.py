"""What keeps the durable things: one folder a back end, the same file names in each, one conformance suite."""
