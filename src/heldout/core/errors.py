"""The one error that a user can mend."""


class HeldoutError(Exception):
    """What is wrong with the input, in one line that names the thing and the mend.

    The command line prints it and exits with code 2; a library user catches it.
    """
