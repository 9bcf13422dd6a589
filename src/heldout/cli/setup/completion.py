"""Print the script that completes commands, options and studies."""

import click


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> None:
    """Print the script that makes a shell complete commands, options and studies.

    \b
    bash:  eval "$(heldout completion bash)"                 in ~/.bashrc
    zsh:   eval "$(heldout completion zsh)"                  in ~/.zshrc
    fish:  heldout completion fish > ~/.config/fish/completions/heldout.fish
    """  # noqa: D301 - what Click takes for "as it stands"
    from click.shell_completion import get_completion_class

    from heldout.cli.group import COMPLETE, heldout

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"Click cannot complete for {shell}")
    click.echo(kind(heldout, {}, "heldout", COMPLETE).source())
