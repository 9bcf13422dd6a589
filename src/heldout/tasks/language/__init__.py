"""Texts to be answered."""
