"""The one error that a user can mend."""


class HeldoutError(Exception):
    """What is wrong with the input, in one line that names the thing and the mend.

    The command line prints it and exits with code 2; a library user catches it.
    """


def first_line(error: BaseException) -> str:
    """What an error of other people's says first, or its type where it says nothing."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
