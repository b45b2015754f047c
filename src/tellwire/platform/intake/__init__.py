"""Stage 1: what comes in over the wire becomes entries of the stream, or a refusal that says why."""
