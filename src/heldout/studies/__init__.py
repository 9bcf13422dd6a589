"""One file per paper, in themes; a file dropped here is found, and its slug is its name."""
