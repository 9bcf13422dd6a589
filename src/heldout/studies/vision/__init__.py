"""Studies of images."""
