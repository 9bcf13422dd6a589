"""How one system of a pair stands to the other, in words and marks."""

from collections.abc import Iterator
from dataclasses import dataclass

from heldout.report.number import counted, interval, number, p_value, places
from heldout.report.text import short
from heldout.results.comparison import Comparison, Interval, PairRow


@dataclass(frozen=True)
class Relation:
    """A verdict seen from one side. `colour`: a name of the report's style."""

    word: str
    mark: str
    colour: str


BETTER = Relation("better", "▲", "supported")
WORSE = Relation("worse", "▼", "refuted")
EQUIVALENT = Relation("equivalent", "≈", "void")
UNDECIDED = Relation("undecided", "◆", "undecided")
EVERY = (BETTER, WORSE, EQUIVALENT, UNDECIDED)

_SEEN = {
    "a better": (BETTER, WORSE),
    "b better": (WORSE, BETTER),
    "equivalent": (EQUIVALENT, EQUIVALENT),
    "undecided": (UNDECIDED, UNDECIDED),
}


def relation(pair: PairRow, system: str) -> Relation:
    """How that system of the pair stands to the other."""
    return _SEEN[pair.verdict][0 if pair.a == system else 1]


def others(comparison: Comparison, system: str) -> Iterator[tuple[str, PairRow]]:
    """Every other system with the pair that it makes with this one."""
    for pair in comparison.pairs:
        if system in (pair.a, pair.b):
            yield (pair.b if pair.a == system else pair.a), pair


def decimals(comparison: Comparison) -> int:
    """How many decimals differences are shown with."""
    return places(*(v for p in comparison.pairs for v in (p.difference.estimate, p.difference.low, p.difference.high)))


def evidence(pair: PairRow, system: str, decimals: int) -> str:
    """Difference, probability of improvement and p in one phrase, from that system of the pair to the other."""
    d, q = pair.difference, pair.probability_of_improvement
    if system != pair.a:
        d = Interval(-d.estimate, -d.high, -d.low)
        q = Interval(1 - q.estimate, 1 - q.high, 1 - q.low)
    said = [f"difference {number(d.estimate, decimals)} {interval(d.low, d.high, decimals)}".rstrip()]
    said += [f"probability of improvement {number(q.estimate, 2)} {interval(q.low, q.high, 2)}".rstrip()]
    said += [f"adjusted p {p_value(pair.p_adjusted)}"]
    return ", ".join(said)


def basis(pair: PairRow) -> str:
    """What a pair rests on: `26 tasks, paired by task` or `10 runs, not paired`."""
    paired = f"paired by {short(pair.paired_by, 16)}" if pair.paired_by else "not paired"
    return f"{counted(pair.n, pair.unit)}, {paired}"
