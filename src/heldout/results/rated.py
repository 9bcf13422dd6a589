"""What battles amount to: the one value that every page of ratings is made from."""

from collections.abc import Mapping
from dataclasses import dataclass

from heldout.results.comparison import Interval, PairVerdict
from heldout.results.table import Battles


@dataclass(frozen=True)
class RatedRow:
    """One system. `strength`: log-odds against the average system; `points`: the same, 400 to ten to one, around 1000.

    `rank`: simultaneous 95% interval. `wins` counts wins alone; `win_rate` counts a tie as half of one.
    """

    system: str
    strength: Interval
    points: Interval
    rank: tuple[int, int]
    win_rate: float
    battles: int
    wins: int
    ties: int


@dataclass(frozen=True)
class RatedPair:
    """Two systems compared over all battles, the stronger first.

    `probability`: that `a` wins a battle that is not a tie. `difference`: its log-odds. `p_adjusted`: after family-wise
    control over all pairs; NaN where nothing links the two. `battles`: between these two. `more`: further battles between
    them that would probably settle an undecided pair if strengths are as estimated (None: decided, or no number would do).
    """

    a: str
    b: str
    difference: Interval
    probability: Interval
    p_adjusted: float
    verdict: PairVerdict
    battles: int
    more: int | None = None


@dataclass(frozen=True)
class Order:
    """What coming first brings: log-odds, and the probability that the first of two equals wins; both with intervals."""

    effect: Interval
    probability: Interval


@dataclass(frozen=True)
class Rated:
    """Everything `heldout compare` says of battles.

    `systems`: the strongest first. `ties`: the share of battles that are; `even`: the share to expect between equals (NaN
    where ties are not modelled). `cluster`: what moves together, such as voter, or ""; `clusters`: how many. `groups`:
    systems that battles link, by size; `components`: those that wins link both ways. `prior`: wins added each way in
    all, 0 where none was needed.
    """

    battles: Battles
    systems: tuple[RatedRow, ...]
    pairs: tuple[RatedPair, ...]
    rankings: Mapping[str, tuple[str, ...]]
    method: str
    ties: float
    even: float
    order: Order | None
    cluster: str
    clusters: int
    groups: tuple[tuple[str, ...], ...]
    components: tuple[tuple[str, ...], ...]
    prior: float
    warnings: tuple[str, ...]
