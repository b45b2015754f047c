"""Reports of messages, and texts of handsets, on their way to customers."""
