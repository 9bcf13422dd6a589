"""A page as one self-contained HTML file: no script, no request, light and dark, escaped throughout."""

from heldout.report.finding import told
from heldout.report.site.frame import Frame
from heldout.report.template import template
from heldout.report.text import line
from heldout.results.pages.page import Page
from heldout.results.pages.relation import EVERY


def page(made: Page, frame: Frame | None = None) -> str:
    """The whole page; `frame`: what stands round it in a site, None for a page that stands alone."""
    return template("results.html", "heldout.results.pages").render(
        frame=frame,
        page=made,
        title=made.title or made.headline,
        understood=[line(t) for t in made.understood],
        repairs=[line(t) for t in made.repairs],
        warnings=[line(t) for t in made.warnings],
        parts=[(part, part.figures()) for part in made.parts],
        words={f"{kind.mark} {kind.word}": f"word {kind.colour}" for kind in EVERY},
        claims=[told(v) for v in made.claims],
    )
