"""A local QuickBooks: OAuth 2 and the v3 API over HTTP."""
