"""Papers on answering texts."""
