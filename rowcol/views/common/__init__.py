"""What several pages show: the books gathered, and records beside the functions that make them."""
