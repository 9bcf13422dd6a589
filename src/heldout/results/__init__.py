"""Tables of results in, verdicts out. Needs neither training nor JAX."""
