"""View models of the Client page."""
