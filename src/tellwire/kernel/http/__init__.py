"""Our outgoing HTTP client (docs/decisions/0005-own-http-pool.md)."""
