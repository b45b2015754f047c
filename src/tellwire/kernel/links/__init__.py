"""Short links: their slugs, the links of a text and short ones in their place, and what counts as a click. Pure."""
