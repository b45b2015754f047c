"""Who carries a message, at what price, and who is trusted now. Pure."""
