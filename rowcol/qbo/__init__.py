"""The rail: QuickBooks Online over HTTP and OAuth 2."""
