"""Logs of other tools as tidy columns, one module per format.

A module that defines `recognises(path, head) -> bool` and `read(path) -> Tidy` is an importer; nothing registers it.
"""
