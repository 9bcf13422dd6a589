"""Everything that a site shows, as one value, and where each thing has its page."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from heldout.core.digest import digest
from heldout.core.discover import Found
from heldout.core.result import Result, ScoreRow
from heldout.report.figures.drawing import name
from heldout.report.site.frame import Frame
from heldout.report.site.papers import Paper


@dataclass(frozen=True)
class Use:
    """A task or a learner in a study that was run: the study's slug, its result, the thing itself."""

    slug: str
    result: Result
    thing: Any


@dataclass(frozen=True)
class Thing:
    """A task or a learner that studies share: the same whatever it is called, as its digest has it."""

    name: str
    address: str
    uses: tuple[Use, ...]

    @property
    def value(self) -> Any:
        """The thing itself."""
        return self.uses[0].thing

    def rows(self, column: str) -> Iterator[tuple[Use, ScoreRow]]:
        """The scores in which it stands under `column`, study by study."""
        for use in self.uses:
            for row in use.result.scores:
                if getattr(row, column) == use.thing.name:
                    yield use, row


@dataclass(frozen=True)
class Shelf:
    """What a site is made of.

    `results`: by slug, in the order of the front page. `known`: every study that is installed. `papers`: all that heldout
    knows of. `comparisons`: title of each comparison, and what makes its page in a frame. `live`: whether runs can be started
    from the pages. `others`: names and addresses of the sites of other stores.
    """

    results: Mapping[str, Result]
    known: Mapping[str, Found] = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    comparisons: tuple[tuple[str, Callable[[Frame], str]], ...] = ()
    live: bool = False
    others: tuple[tuple[str, str], ...] = ()

    @cached_property
    def tasks(self) -> tuple[Thing, ...]:
        """Every task that was run, by name."""
        return _things("tasks", [(Use(s, r, t), t) for s, r in self.results.items() for t in r.study.tasks])

    @cached_property
    def learners(self) -> tuple[Thing, ...]:
        """Every learner that was run, by name."""
        return _things("learners", [(Use(s, r, x), x) for s, r in self.results.items() for x in r.study.learners])

    @cached_property
    def addresses(self) -> Mapping[tuple[str, str, str], str]:
        """(kind, slug, name) to the page of that task or learner of that study."""
        return {
            (kind, use.slug, use.thing.name): thing.address
            for kind, things in (("task", self.tasks), ("learner", self.learners))
            for thing in things
            for use in thing.uses
        }

    def theme(self, slug: str) -> str:
        """The theme of a study, empty for one of a file."""
        return self.known[slug].theme if slug in self.known else ""


def study_address(slug: str) -> str:
    """Where the page of a study stands."""
    return f"studies/{slug}.html"


def comparison_address(place: int) -> str:
    """Where the page of the comparison at that place stands."""
    return f"comparisons/{place}.html"


def _things(folder: str, pairs: list[tuple[Use, Any]]) -> tuple[Thing, ...]:
    found: dict[str, list[Use]] = {}
    for use, value in pairs:
        found.setdefault(digest(value), []).append(use)
    made = [
        Thing(uses[0].thing.name, f"{folder}/{name(uses[0].thing.name, mark[:8])}.html", tuple(uses))
        for mark, uses in found.items()
    ]
    return tuple(sorted(made, key=lambda t: t.name.lower()))
