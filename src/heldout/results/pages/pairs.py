"""Pairs of systems: differences, their evidence and verdicts."""

from heldout.report.number import counted, p_value
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison, PairRow
from heldout.results.pages.answer import answer, tally
from heldout.results.pages.relation import basis, decimals, relation
from heldout.results.pages.section import Section
from heldout.results.pages.standing import standing

MANY, TOP, AGAINST = 8, 5, 20
"""Beyond so many systems only pairs among the top are shown, and the leader's with so many others."""


def section(comparison: Comparison) -> Section:
    """The table of pairs, with what all of them share said once."""
    shown = chosen(comparison)
    if not shown:
        return Section("pairs", "Pair by pair")
    said = [f"{tally(comparison)}."] if len(comparison.pairs) > 1 else []
    said += [
        "The first system against the second: difference, probability that the first does better, effect size, p adjusted for all pairs."
    ]
    said += [_shared(comparison)]
    rest = len(comparison.pairs) - len(shown)
    if rest:
        said.append(
            f"Shown: pairs among the first {TOP} systems, and the leader against others; {counted(rest, 'more pair')} in --json."
        )
    return Section("pairs", "Pair by pair", tuple(t for t in said if t), (table(comparison, shown),))


def chosen(comparison: Comparison) -> tuple[PairRow, ...]:
    """All pairs, or those among the top and against the leader; by the order of the systems."""
    order = {s.system: i for i, s in enumerate(standing(comparison))}
    ranked = sorted(comparison.pairs, key=lambda p: tuple(sorted((order.get(p.a, 0), order.get(p.b, 0)))))
    if len(order) <= MANY:
        return tuple(ranked)
    leader = answer(comparison).leader
    top = [p for p in ranked if max(order[p.a], order[p.b]) < TOP]
    against = [p for p in ranked if leader in (p.a, p.b) and p not in top]
    return tuple(top + against[:AGAINST])


def table(comparison: Comparison, shown: tuple[PairRow, ...]) -> Table:
    """Pairs by difference, probability of improvement and effect size; p and verdict behind."""
    places = decimals(comparison)
    uneven = len({basis(p) for p in comparison.pairs}) > 1
    rows = []
    for pair in shown:
        d, q, seen = pair.difference, pair.probability_of_improvement, relation(pair, pair.a)
        cells = (
            Cell(d.estimate, d.low, d.high, decimals=places),
            Cell(q.estimate, q.low, q.high, decimals=2),
            Cell(pair.effect_size, decimals=2),
        )
        notes = (p_value(pair.p_adjusted), f"{seen.mark} {seen.word}", *((basis(pair),) if uneven else ()))
        rows.append(Row(f"{line(pair.a)}\nvs {line(pair.b)}", cells, notes=notes))
    notes = ("adj. p", "verdict", *(("from",) if uneven else ()))
    return Table("Pair by pair", "pair", ("difference", "P(better)", "effect"), tuple(rows), places, notes)


def _shared(comparison: Comparison) -> str:
    """What the pairs rest on, where it is the same for all; else their methods."""
    bases, methods = ({basis(p) for p in comparison.pairs}, list(dict.fromkeys(p.method for p in comparison.pairs)))
    assumed = list(dict.fromkeys(p.assumption for p in comparison.pairs if p.assumption))
    said = [f"each from {bases.pop()}"] if len(bases) == 1 else []
    said += [" or ".join(m for m in methods if m)] if any(methods) else []
    said += [f"assuming {' or '.join(assumed)}"] if assumed else []
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
