"""Look at what there is."""
