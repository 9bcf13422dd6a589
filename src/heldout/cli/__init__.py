"""The `heldout` command. Each subcommand is a file, loaded only when it is called."""

from heldout.cli.group import main as main
