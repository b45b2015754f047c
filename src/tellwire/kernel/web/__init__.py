"""What every HTTP face of ours needs: raw-ASGI helpers for hot routes, static files, live streams, the server."""
