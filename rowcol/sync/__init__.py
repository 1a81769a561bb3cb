"""Smart sync: what to fetch, in which order, and how it lands."""
