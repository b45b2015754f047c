"""The composition root: settings become a back end, workers, routes and servers. The only importer of adapters.

`platform` and `gateway` each put one half together; what both ask of settings and files stands in `given`.
"""
