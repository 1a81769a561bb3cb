"""Sync: what to read from QuickBooks and when, and how it lands in the store."""
