"""Decide claims."""
