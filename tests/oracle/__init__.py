"""An independent oracle: the figures of docs/definitions.md in plain Python, without the product's code."""
