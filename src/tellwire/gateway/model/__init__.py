"""The gateway's nouns: frozen values that every room above shares."""
