"""Worlds in which every instance, every answer and every shift is known exactly."""
