"""Spaces to search, with what every query gives."""
