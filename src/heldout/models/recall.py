"""What a player of repeated rock, paper, scissors remembers: the last few pairs of throws, as one whole number."""


def contexts(recall: int) -> int:
    """How many there are."""
    return 9**recall


def following(context: int, recall: int, mine: int, theirs: int) -> int:
    """The context after one more throw; a match begins in context 0, as if both had thrown rock before."""
    return (9 * context + 3 * mine + theirs) % contexts(recall)
