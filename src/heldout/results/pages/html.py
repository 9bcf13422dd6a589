"""A comparison as one self-contained HTML file: no script, no request, light and dark, escaped throughout."""

from heldout.report.figures.sheet import GLYPHS
from heldout.report.finding import told
from heldout.report.template import template
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import answer
from heldout.results.pages.contents import contents
from heldout.results.pages.figures.intervals import forests, ranks
from heldout.results.pages.figures.matrix import matrix
from heldout.results.pages.figures.profile import MOST, profile
from heldout.results.pages.profiles import leading
from heldout.results.pages.relation import BETTER, EQUIVALENT, UNDECIDED
from heldout.results.pages.understood import repairs, shape, sources, warnings

SHAPES = tuple(GLYPHS.values())


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
    return template("comparison.html", "heldout.results.pages").render(
        title=f"Comparison of {sources(comparison)}",
        sources=sources(comparison),
        answer=answer(comparison),
        chips=[(kind, word, n) for kind, word, n in counts if n],
        shape=shape(comparison),
        understood=[line(t) for t in comparison.table.understood],
        repairs=[line(t) for t in repairs(comparison)],
        warnings=[line(t) for t in warnings(comparison)],
        parts=contents(comparison),
        forests=forests(comparison),
        ranks=ranks(comparison),
        matrix=matrix(comparison),
        profile=profile(comparison),
        legend={"legend": legend},
        claims=[told(v) for v in comparison.claims],
    )
