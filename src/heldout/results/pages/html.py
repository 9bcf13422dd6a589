"""A comparison as one self-contained HTML file: no script, no request, light and dark, escaped throughout."""

from heldout.report.figures.sheet import GLYPHS
from heldout.report.finding import told
from heldout.report.template import template
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import answer
from heldout.results.pages.contents import contents
from heldout.results.pages.figures.intervals import MOST as DRAWN
from heldout.results.pages.figures.intervals import colours, forests
from heldout.results.pages.figures.matrix import MOST as CROSSED
from heldout.results.pages.figures.matrix import matrix
from heldout.results.pages.figures.profile import MOST, profile
from heldout.results.pages.profiles import leading
from heldout.results.pages.relation import BETTER, EQUIVALENT, EVERY, UNDECIDED
from heldout.results.pages.section import called
from heldout.results.pages.understood import repairs, shape, sources, warnings

SHAPES = tuple(GLYPHS.values())
MEANING = {
    "refuted": "worse than it",
    "void": "equivalent to it",
    "undecided": "not told apart from it",
    "soft": "not compared",
}


def page(comparison: Comparison) -> str:
    """The whole page."""
    words = [p.verdict for p in comparison.pairs]
    equal, open_ = words.count("equivalent"), words.count("undecided")
    counts = (
        (BETTER, "decided", len(words) - equal - open_),
        (EQUIVALENT, "equivalent", equal),
        (UNDECIDED, "undecided", open_),
    )
    legend = [(line(p.system), f"c{i % 7 + 1}", SHAPES[i % 7]) for i, p in enumerate(leading(comparison, MOST))]
    found = answer(comparison)
    seen = set(colours(comparison).values())
    return template("comparison.html", "heldout.results.pages").render(
        title=f"Comparison of {sources(comparison)}",
        sources=sources(comparison),
        answer=found,
        colours=[("supported", called(found.leader)), *((c, said) for c, said in MEANING.items() if c in seen)],
        words={f"{kind.mark} {kind.word}": f"word {kind.colour}" for kind in EVERY},
        chips=[(kind, word, n) for kind, word, n in counts if n],
        shape=shape(comparison),
        understood=[line(t) for t in comparison.table.understood],
        repairs=[line(t) for t in repairs(comparison)],
        warnings=[line(t) for t in warnings(comparison)],
        parts=contents(comparison),
        forests=forests(comparison),
        undrawn=DRAWN if len(comparison.systems) > DRAWN else 0,
        matrix=matrix(comparison),
        uncrossed=CROSSED if len(comparison.systems) > CROSSED else 0,
        profile=profile(comparison),
        legend={"legend": legend},
        claims=[told(v) for v in comparison.claims],
    )
