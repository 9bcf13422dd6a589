"""`python -m heldout.cli`: the command where it is not on the path."""

from heldout.cli.group import main

main()
