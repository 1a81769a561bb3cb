"""How figures leave: CSV, templates, mail."""
