"""Hygiene: rules that find what is wrong in the books."""
