"""View models of the Tray page."""
