"""What became of messages, and what handsets wrote, told to customers."""
