"""Functions of a live model that yield numbers, one per file."""
