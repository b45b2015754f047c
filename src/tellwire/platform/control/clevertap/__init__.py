"""CleverTap's addresses for campaigns and calls (contract 4.8 to 4.10): pure reading, and one shell, `api`."""
