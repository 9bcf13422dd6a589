"""Make something of your own."""
