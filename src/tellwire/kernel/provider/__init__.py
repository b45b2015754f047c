"""A provider is data: the request it takes, and how its answers and receipts are read. Pure, for both halves.

pieces, json_body, request   what we send: a template, compiled once and filled with the values of a message
path, values                 where something stands in what others send, and what a value of theirs means
answer, receipt, signature   what they send: an answer (over `kernel/verdict`), receipts, a proof that it is theirs
status_words                 what a provider's words for a status may mean

What a token stands for is each half's own: a template is filled from a mapping of token names to values.
"""
