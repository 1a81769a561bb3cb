"""View models of the Console page."""
