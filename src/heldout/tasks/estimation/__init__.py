"""Simulated data of which the truth is known."""
