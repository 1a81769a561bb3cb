"""RowCol: every client's cash, runway and books on one dashboard, mirrored from QuickBooks Online."""
