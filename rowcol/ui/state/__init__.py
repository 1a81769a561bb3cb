"""What a browser session has chosen, and the views kept for its pages."""
