"""The Digest page."""
