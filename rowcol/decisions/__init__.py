"""Commands of the advisor: validated, then recorded."""
