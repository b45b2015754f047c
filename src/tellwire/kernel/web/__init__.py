"""Common parts of our HTTP applications: raw-ASGI helpers for hot routes, static files, live streams, the server."""
