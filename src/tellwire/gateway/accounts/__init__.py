"""Who may send what: customers, keys, numbers and sender IDs, held in memory and kept in the store."""
