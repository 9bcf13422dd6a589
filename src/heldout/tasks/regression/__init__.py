"""Worlds of numbers to be predicted from numbers."""
