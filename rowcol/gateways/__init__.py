"""The domain's gateway protocols, kept by a rail."""
