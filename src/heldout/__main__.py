"""`python -m heldout`, the same as `heldout`."""

from heldout.cli import main

main()
