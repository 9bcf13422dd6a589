"""Games against opponents."""
