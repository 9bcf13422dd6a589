"""Raven's progressive matrices as attributes: what rules rows, which answers there are, and how both are shown."""
