"""Training methods, one per file, each written for one seed and readable top to bottom."""
