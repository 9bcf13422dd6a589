"""Several sequential claims at once: what a decided claim no longer needs of the level is handed to the open ones."""

from collections.abc import Callable, Iterable, Sequence


def holm(rejects: Callable[[Sequence[int], float], Iterable[int]], claims: int, level: float) -> list[float | None]:
    """The level at which each claim is decided, None where it stays open.

    `rejects(open, share)` names those of the open claims whose own test rejects at level `share` at any look so far.
    Every claim starts with level / claims; earlier looks are read again when the share grows. The error over all claims
    is at most `level` under any dependence: by closure, as each set of true nulls J is tested at level / |J| a claim
    (Holm 1979).
    """
    decided: list[float | None] = [None] * claims
    while remaining := [i for i, at in enumerate(decided) if at is None]:
        share = level / len(remaining)
        new = list(rejects(remaining, share))
        if not new:
            break
        for i in new:
            decided[i] = share
    return decided
