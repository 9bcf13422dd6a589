"""Studies of how and why networks learn."""
