"""Papers on acting in worlds."""
