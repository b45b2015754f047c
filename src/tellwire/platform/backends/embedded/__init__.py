"""The back end of one process and one SQLite file; opened by `backend.open_embedded`, decides nothing."""
