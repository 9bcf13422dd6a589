"""The answer: which system is better, and how sure that is."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from heldout.report.number import counted
from heldout.results.comparison import Comparison, PairRow
from heldout.results.pages import rankings
from heldout.results.pages.relation import (
    BETTER,
    EQUIVALENT,
    EVERY,
    UNDECIDED,
    WORSE,
    Relation,
    basis,
    decimals,
    evidence,
    others,
    relation,
    towards,
)
from heldout.results.pages.section import called, listed
from heldout.results.pages.standing import standing


@dataclass(frozen=True)
class Answer:
    """`leader`: the system that the answer is about; `relation`: how it stands to the rest at worst."""

    leader: str
    headline: str
    sentences: tuple[str, ...]
    relation: Relation


def answer(comparison: Comparison) -> Answer:
    """What a reader in a hurry takes home."""
    order = [s.system for s in standing(comparison)]
    if not order:
        return Answer("", "There is no system in this table", (), UNDECIDED)
    wins = Counter(p.a if p.verdict == "a better" else p.b for p in comparison.pairs if p.verdict.endswith("better"))
    leader = next((s for s in order if 0 < wins[s] == len(order) - 1), order[0])
    grouped: dict[Relation, list[str]] = {kind: [] for kind in EVERY}
    rest = sorted(others(comparison, leader), key=lambda pair: order.index(pair[0]))
    for other, pair in rest:
        grouped[relation(pair, leader)].append(other)
    worst = next((k for k in (WORSE, UNDECIDED, EQUIVALENT) if grouped[k]), BETTER if rest else UNDECIDED)
    told = (*_sure(comparison, leader, grouped, dict(rest)), *rankings.disagreement(comparison))
    return Answer(leader, _headline(order, leader, grouped), tuple(told), worst)


def _headline(order: list[str], leader: str, grouped: dict[Relation, list[str]]) -> str:
    name, best = called(leader), called(order[0])
    if len(order) == 1:
        return f"{name} is the only system: there is nothing to compare it with"
    if len(grouped[BETTER]) == len(order) - 1:
        whom = called(grouped[BETTER][0]) if len(order) == 2 else f"each of the {len(order) - 1} others"
        return f"{name} is better than {whom}" + (
            f", although {best} has the highest mean" if leader != order[0] else ""
        )
    if grouped[WORSE]:
        return f"{listed(grouped[WORSE], 3)} {_are(grouped[WORSE])} better than {name}, which has the highest mean"
    open_, equal = grouped[UNDECIDED], grouped[EQUIVALENT]
    if len(order) == 2:
        return f"{listed(order)} are equivalent" if equal else f"Undecided: {listed(order)} cannot be told apart yet"
    if not open_:
        return f"{name} leads, and {listed(equal, 3)} {_are(equal)} equivalent to it"
    return f"Undecided: {name} leads, but {listed([*open_, *equal], 3)} may be as good"


def _are(names: list[str]) -> str:
    return "is" if len(names) == 1 else "are"


def _sure(
    comparison: Comparison, leader: str, grouped: dict[Relation, list[str]], pairs: dict[str, PairRow]
) -> Iterator[str]:
    places = decimals(comparison)
    for kind, said in ((WORSE, "Worse than"), (UNDECIDED, "Not told apart from"), (EQUIVALENT, "Equivalent to")):
        for other in grouped[kind][:1]:
            more = f" (and {len(grouped[kind]) - 1:,} more)" if len(grouped[kind]) > 1 else ""
            lead = f"{said} {called(other)}{more}: d" if len(pairs) > 1 else "D"
            yield f"{lead}{_shown(pairs[other], leader, places)[1:]}."
    if grouped[BETTER]:
        closest = max(grouped[BETTER], key=lambda o: _closeness(pairs[o]))
        every = "The" if len(grouped[BETTER]) == len(pairs) else f"Better than {listed(grouped[BETTER], 3)}; the"
        lead = "" if len(pairs) == 1 else f"{every} closest is {called(closest)}: "
        text = f"{lead}{_shown(pairs[closest], leader, places)}."
        yield f"{text[:1].upper()}{text[1:]}"
    cheapest = [p for o in grouped[UNDECIDED] if (p := pairs[o]).more_units]
    if cheapest:
        pair = min(cheapest, key=lambda p: p.more_units or 0)
        other = pair.b if pair.a == leader else pair.a
        rest = _all([pairs[o].more_units for o in grouped[UNDECIDED]])
        yield f"About {counted(pair.more_units or 0, f'more {pair.unit}')} a side would probably settle {called(leader)} against {called(other)}, if the effect is as it looks now{rest}."
    if len(comparison.pairs) > 1:
        yield f"{tally(comparison)}, with the error held over all of them together."


def _shown(pair: PairRow, system: str, places: int) -> str:
    return f"{evidence(towards(pair, system), places)} ({basis(pair)})"


def _all(more: list[int | None]) -> str:
    """What all open pairs together would take, beside the cheapest of them."""
    if len(more) == 1:
        return ""
    if None in more:
        return f"; no number within reach would settle all {len(more)}"
    return f"; {'both' if len(more) == 2 else f'all {len(more)}'} would take about {max(m or 0 for m in more):,}"


def _closeness(pair: PairRow) -> tuple[float, float]:
    p = 1.0 if math.isnan(pair.p_adjusted) else pair.p_adjusted
    return p, -abs(pair.difference.estimate)


def tally(comparison: Comparison) -> str:
    """Such as `28 pairs: 19 decided, 2 equivalent, 7 undecided`."""
    words = [p.verdict for p in comparison.pairs]
    equal, open_ = words.count("equivalent"), words.count("undecided")
    parts = ((len(words) - equal - open_, "decided"), (equal, "equivalent"), (open_, "undecided"))
    return f"{counted(len(words), 'pair')}: {', '.join(f'{n:,} {word}' for n, word in parts if n)}"
