"""The Client page and its tabs."""
