"""What the local QuickBooks does when a record is created, changed or deleted."""
