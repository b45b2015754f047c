"""CleverTap's `/1/upload`: pure reading in one file a part of the wire, and one shell, `api`."""
