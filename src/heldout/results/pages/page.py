"""A page before it is laid out: what the terminal, Markdown and HTML are all made from."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from heldout.core.verdict import Verdict
from heldout.results.pages.section import Section

if TYPE_CHECKING:
    from heldout.results.comparison import Interval


@dataclass(frozen=True)
class Mark:
    """A sign and the colour that goes with it, a name of the report's style, such as `supported`; both may be empty."""

    sign: str = ""
    colour: str = ""


@dataclass(frozen=True)
class Chip:
    """A count beside the headline, such as `3 undecided`."""

    mark: Mark
    text: str


@dataclass(frozen=True)
class Bar:
    """A line of a chart. `count` and `rank`: short texts behind the bar; `word`: how it stands to the first, with its mark."""

    name: str
    value: "Interval"
    count: str = ""
    rank: str = ""
    word: str = ""
    mark: Mark = Mark()


@dataclass(frozen=True)
class Chart:
    """Estimates with their intervals, drawn in letters, the best first. `legend`: said behind the marks' words."""

    bars: tuple[Bar, ...]
    name: str = "system"
    value: str = "mean, 95% interval"
    count: str = ""
    rank: str = ""
    decimals: int = 3
    legend: str = "against the leader"


@dataclass(frozen=True)
class Page:
    """What a reader sees, in the order in which it is said.

    `headline`: the answer, without a full stop; `sentences`: how sure that is; `sources`: the files, in a phrase; `shape`: what
    they were taken for; `understood`: column by column; `repairs`: what was mended or left out; `sections`: those with nothing
    to say are left out; `command`: the one that makes it, without `heldout`; `title`: of the HTML file; `chips`: counts of verdicts.
    """

    headline: str
    sections: tuple[Section, ...]
    mark: Mark = Mark()
    sentences: tuple[str, ...] = ()
    sources: str = "a table"
    shape: str = ""
    understood: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    claims: tuple[Verdict, ...] = ()
    warnings: tuple[str, ...] = ()
    chart: Chart | None = None
    chips: tuple[Chip, ...] = ()
    command: str = "compare"
    title: str = ""

    @property
    def parts(self) -> tuple[Section, ...]:
        """Sections that have something to say."""
        return tuple(s for s in self.sections if not s.nothing)
