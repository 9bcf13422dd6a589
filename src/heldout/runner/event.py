"""What a running study tells whoever watches it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from heldout.core.verdict import Verdict


@dataclass(frozen=True)
class Event:
    """`begin` and `progress` and `end` of a batch; `look`: the claims judged anew; `note`: something worth saying.

    `name` is the cell in words, `units` the seeds or items of the batch, `share` how much of it is done.
    """

    kind: Literal["plan", "begin", "progress", "end", "look", "note"]
    batch: str = ""
    name: str = ""
    units: tuple[int, ...] = ()
    share: float = 0.0
    text: str = ""
    total: int = 0
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True)
class Report:
    """What became of a batch."""

    batch: str
    cell: str
    units: tuple[int, ...]
    seconds: float
    diverged: int = 0
    error: str | None = None


Watch = Callable[[Event], None]


def ignore(_event: Event) -> None:
    """Watch nothing."""
