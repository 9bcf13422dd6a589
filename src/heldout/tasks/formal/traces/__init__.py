"""Algorithms of the textbook, step by step: one family per file."""
