"""The gateway's one SQLite file: messages, parts, receipts, callbacks and accounts. SQL of the gateway lives here only.

Batches go in and out as ONE statement over a JSON array each, because a statement that Python steps row by row waits
for a busy event loop at every row (see `kernel.sqlite`).
"""
