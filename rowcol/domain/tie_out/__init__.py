"""How our totals compare with those of QuickBooks, and what may explain a difference."""
