"""What the stages need of the world, as protocols in the domain's own words.

Batches in, batches out; a call is one transaction; `now` is passed, never read; ids are made by the caller, so a
retry makes the same one. No port mentions SQL, a subject of a broker, or a connection; what one raises is in `errors`.
"""
