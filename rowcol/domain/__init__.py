"""What the numbers are: pure functions on frames."""
