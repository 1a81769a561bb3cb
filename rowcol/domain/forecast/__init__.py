"""The 13-week cash forecast."""
