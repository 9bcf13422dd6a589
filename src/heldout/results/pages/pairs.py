"""Pairs of systems: differences, their evidence and verdicts."""

from heldout.report.number import counted, p_value
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Comparison, PairRow
from heldout.results.pages.answer import answer, tally
from heldout.results.pages.relation import basis, decimals, ordered, relation
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
        "The first system against the second: difference, probability that the first does better, effect size, p adjusted for all pairs and decided at "
        f"{comparison.alpha:g}."
    ]
    said += [_shared(comparison)]
    rest = len(comparison.pairs) - len(shown)
    if rest:
        said.append(
            f"Shown: pairs among the first {TOP} systems, and the leader against others; {counted(rest, 'more pair')} in --json."
        )
    return Section("pairs", "Pair by pair", tuple(t for t in said if t), (table(comparison, shown),))


def chosen(comparison: Comparison) -> tuple[PairRow, ...]:
    """All pairs, or those among the top and against the leader; the system with the higher mean first."""
    every = ordered(comparison)
    order = {s.system: i for i, s in enumerate(standing(comparison))}
    if len(order) <= MANY:
        return every
    leader = answer(comparison).leader
    top = [p for p in every if max(order[p.a], order[p.b]) < TOP]
    against = [p for p in every if leader in (p.a, p.b) and p not in top]
    return tuple(top + against[:AGAINST])


def table(comparison: Comparison, shown: tuple[PairRow, ...]) -> Table:
    """Pairs by difference, probability of improvement and effect size; p and verdict behind."""
    places = decimals(comparison)
    notes = ("adj. p", "verdict", *_notes(comparison))
    rows = []
    for pair in shown:
        d, q, seen = pair.difference, pair.probability_of_improvement, relation(pair, pair.a)
        cells = (
            Cell(d.estimate, d.low, d.high, decimals=places),
            Cell(q.estimate, q.low, q.high, decimals=2),
            Cell(pair.effect_size, decimals=2),
        )
        told = (
            p_value(pair.p_adjusted),
            f"{seen.mark} {seen.word}",
            *({"n": f"{pair.n:,}", "from": basis(pair)}[note] for note in notes[2:]),
        )
        rows.append(Row(f"{line(pair.a)}\nvs {line(pair.b)}", cells, notes=told))
    return Table("Pair by pair", "pair", ("difference", "P(better)", "effect"), tuple(rows), places, notes)


def _notes(comparison: Comparison) -> tuple[str, ...]:
    """Whether each pair must say what it is from: nothing where all are alike, else their numbers or all of it."""
    if len({basis(p) for p in comparison.pairs}) == 1:
        return ()
    return ("n",) if len({(p.unit, p.paired_by) for p in comparison.pairs}) == 1 else ("from",)


def _shared(comparison: Comparison) -> str:
    """What the pairs rest on, where it is the same for all; else their methods."""
    methods = list(dict.fromkeys(p.method for p in comparison.pairs))
    first = comparison.pairs[0]
    bases = {(): [basis(first)], ("n",): [f"n {basis(first).split(' ', 1)[1]}"]}.get(_notes(comparison), [])
    assumed = list(dict.fromkeys(p.assumption for p in comparison.pairs if p.assumption))
    said = [f"from {text}" for text in bases]
    said += [" or ".join(m for m in methods if m)] if any(methods) else []
    said += [f"assuming {' or '.join(assumed)}"] if assumed else []
    text = "; ".join(said)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
