"""Papers on how to evaluate."""
