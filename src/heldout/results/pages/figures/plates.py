"""The figures of a comparison, part by part."""

from heldout.report.figures.sheet import GLYPHS
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.answer import answer
from heldout.results.pages.figures.intervals import MOST as DRAWN
from heldout.results.pages.figures.intervals import colours, forests
from heldout.results.pages.figures.matrix import MOST as CROSSED
from heldout.results.pages.figures.matrix import matrix
from heldout.results.pages.figures.profile import MOST, profile
from heldout.results.pages.profiles import leading
from heldout.results.pages.section import Plate, called

SHAPES = tuple(GLYPHS.values())
MEANING = {
    "refuted": "worse than it",
    "void": "equivalent to it",
    "undecided": "not told apart from it",
    "soft": "not compared",
}


def aggregates(comparison: Comparison) -> tuple[Plate, ...]:
    """A forest per aggregate, in colours of how systems stand to the leader."""
    seen = set(colours(comparison).values())
    said = (("supported", called(answer(comparison).leader)), *((c, s) for c, s in MEANING.items() if c in seen))
    note = f"Drawn: the first {DRAWN} systems by the mean." if len(comparison.systems) > DRAWN else ""
    return (Plate(forests(comparison), tuple((text, colour, "●") for colour, text in said), note=note),)


def pairs(comparison: Comparison) -> tuple[Plate, ...]:
    """Every pair at once."""
    drawn = matrix(comparison)
    if drawn is None:
        return ()
    note = "Row minus column; the stronger the shade, the larger the difference. On the row's system: ▲ better, ▼ worse, ≈ equivalent, ◆ undecided."
    if len(comparison.systems) > CROSSED:
        note += f" Drawn: the first {CROSSED} systems by the mean."
    return (Plate((drawn,), label=drawn.caption, least=min(round(drawn.width), 640), note=note),)


def profiles(comparison: Comparison) -> tuple[Plate, ...]:
    """The profiles whole."""
    drawn = profile(comparison)
    if drawn is None:
        return ()
    shown = enumerate(leading(comparison, MOST))
    legend = tuple((line(p.system), f"c{i % 7 + 1}", SHAPES[i % 7]) for i, p in shown)
    return (Plate((drawn,), legend, "Learners in the figures", "Performance profiles"),)
