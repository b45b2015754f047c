"""From the queue to the carriers, and what their answers mean."""
