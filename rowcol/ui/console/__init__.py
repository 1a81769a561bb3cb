"""The Console page: Pay, Collect and Forecast."""
