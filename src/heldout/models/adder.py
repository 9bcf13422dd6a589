"""Responders to sums: one that is right, and two of known faults. They show what a verdict looks like when the truth is known."""

from heldout.core.seeds import words
from heldout.tasks.language.sums import exact, numbers

REACH = 8
SLIP = 0.02


def forgetful(prompt: str) -> str:
    """Adds column by column from the right, and forgets the carry beyond the first eight."""
    columns, total, carry = _columns(prompt), "", 0
    for place, column in enumerate(columns):
        carry, digit = divmod(sum(column) + carry * (place < REACH), 10)
        total = str(digit) + total
    return str(carry or "") + total


def careless(prompt: str) -> str:
    """Adds rightly, but writes every digit wrong with probability 0.02; equal prompts get equal answers."""
    rng = words("careless", prompt).generator()
    return "".join(str((int(d) + int(rng.integers(1, 10)) * (rng.random() < SLIP)) % 10) for d in exact(prompt))


def _columns(prompt: str) -> list[tuple[int, ...]]:
    """The digits of each place, units first."""
    found = numbers(prompt)
    width = max(map(len, found))
    return list(zip(*(map(int, reversed(n.zfill(width))) for n in found), strict=True))
