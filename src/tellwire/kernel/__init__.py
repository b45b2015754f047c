"""Words and arithmetic that the platform and the gateway both need."""
