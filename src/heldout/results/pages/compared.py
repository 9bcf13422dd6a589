"""The page of a comparison."""

from heldout.report.number import number
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import answer
from heldout.results.pages.contents import contents
from heldout.results.pages.page import Bar, Chart, Chip, Mark, Page
from heldout.results.pages.relation import BETTER, EQUIVALENT, UNDECIDED, others, relation
from heldout.results.pages.standing import decimals, rank, standing
from heldout.results.pages.understood import repairs, shape, sources, warnings

SYSTEMS, TASKS = 30, 12
"""Systems and tasks on a brief page."""


def page(comparison: Comparison, *, brief: bool = False) -> Page:
    """The whole page; `brief`: with as many rows as suit a terminal."""
    found = answer(comparison)
    return Page(
        found.headline,
        contents(comparison, SYSTEMS, TASKS) if brief else contents(comparison),
        Mark(found.relation.mark, found.relation.colour),
        found.sentences,
        sources(comparison),
        shape(comparison),
        tuple(map(line, comparison.table.understood)),
        repairs(comparison),
        comparison.claims,
        warnings(comparison),
        chart(comparison),
        chips(comparison),
        title=f"Comparison of {sources(comparison)}",
    )


def chips(comparison: Comparison) -> tuple[Chip, ...]:
    """How many pairs ended how."""
    words = [p.verdict for p in comparison.pairs]
    equal, open_ = words.count("equivalent"), words.count("undecided")
    counts = (
        (BETTER, "decided", len(words) - equal - open_),
        (EQUIVALENT, "equivalent", equal),
        (UNDECIDED, "undecided", open_),
    )
    return tuple(Chip(Mark(kind.mark, kind.colour), f"{n} {word}") for kind, word, n in counts if n)


def chart(comparison: Comparison) -> Chart:
    """Every system's mean, its win rate, rank and how it stands to the leader."""
    leader = answer(comparison).leader
    told = {other: relation(pair, other) for other, pair in others(comparison, leader)}
    bars = []
    for row in standing(comparison):
        kind = told.get(row.system)
        word = kind.word if kind else "leader" if row.system == leader else ""
        mark = Mark(kind.mark, kind.colour) if kind else Mark()
        bars.append(Bar(row.system, row.mean, number(row.win_rate.estimate, 2), rank(row), word, mark))
    return Chart(tuple(bars), count="win rate", rank="rank", decimals=decimals(comparison))
