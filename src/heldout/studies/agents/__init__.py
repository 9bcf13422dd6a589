"""Agents that act in worlds, games and among others."""
