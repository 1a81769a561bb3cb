"""What changed between two moments, and the bridge from one runway to the other."""
