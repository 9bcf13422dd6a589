"""Statistics as pure functions on arrays: they know nothing of studies and can be used alone."""
