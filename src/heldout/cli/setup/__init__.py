"""Set up this machine."""
