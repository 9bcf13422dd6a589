"""The one error that a user can mend."""


class HeldoutError(Exception):
    """What is wrong with the input, in one line that names the thing and the mend.

    The command line prints it and exits with code 2; a library user catches it.
    """


LONGEST = 300
"""Characters that are told of other people's errors: some quote the file that they are about."""


def first_line(error: BaseException) -> str:
    """What an error of other people's says first, or its type where it says nothing."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0]
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"
