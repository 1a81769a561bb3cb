"""The reports of the local QuickBooks: A/P and A/R aging, and the balance sheet."""
