"""Training methods that are told from which domain each example comes, one per file; `tasks.domains` has the protocol."""
