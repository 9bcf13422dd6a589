"""Every page of a site: addresses, and the text at an address."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import heldout
from heldout.core.result import Result
from heldout.report.finding import MARKS, MEANING
from heldout.report.html import page as study_page
from heldout.report.number import counted, duration
from heldout.report.site.frame import Frame
from heldout.report.site.papers import ROLES, Paper
from heldout.report.site.shelf import Shelf, Thing, comparison_address, study_address
from heldout.report.site.things import learner_page, task_page, words
from heldout.report.template import template

Chips = list[tuple[str, str, int]]


@dataclass(frozen=True)
class Entry:
    """A study in the list of the front page."""

    slug: str
    title: str
    theme: str
    year: str
    headline: str
    verdicts: Chips
    cost: str


@dataclass(frozen=True)
class Listed:
    """A paper in the list of papers. `state`: decided, not run yet, not there yet."""

    paper: Paper
    state: str
    verdicts: Chips


def addresses(shelf: Shelf) -> Iterator[str]:
    """The address of every page, the front page first."""
    yield from ("index.html", "papers.html", "tasks.html", "learners.html")
    if shelf.comparisons:
        yield "comparisons.html"
    yield from map(comparison_address, range(len(shelf.comparisons)))
    yield from map(study_address, shelf.results)
    yield from (t.address for t in (*shelf.tasks, *shelf.learners))


def render(shelf: Shelf, address: str) -> str | None:
    """The text of the page at an address, None where there is none."""
    lists = {
        "index.html": _front,
        "papers.html": _papers,
        "tasks.html": _tasks,
        "learners.html": _learners,
        "comparisons.html": _comparisons,
    }
    if address in lists:
        return lists[address](shelf, _frame(shelf, address, address))
    for place, (_, page) in enumerate(shelf.comparisons):
        if address == comparison_address(place):
            return page(_frame(shelf, address, "comparisons.html"))
    for slug, result in shelf.results.items():
        if address == study_address(slug):
            links = {(kind, name): where for (kind, s, name), where in shelf.addresses.items() if s == slug}
            return study_page(result, _frame(shelf, address, "index.html", links))
    told = {"addresses": shelf.addresses, "version": heldout.__version__}
    for thing in shelf.tasks:
        if address == thing.address:
            frame = _frame(shelf, address, "tasks.html")
            return template("task.html").render(frame=frame, made=task_page(thing), **told)
    for thing in shelf.learners:
        if address == thing.address:
            frame = _frame(shelf, address, "learners.html")
            return template("learner.html").render(frame=frame, made=learner_page(thing, shelf), **told)
    return None


def waiting(shelf: Shelf, address: str, title: str, wrong: str = "") -> str:
    """What is shown in place of a page that is not there yet, and asks for it again by itself; `wrong`: why it never will be."""
    frame = _frame(replace(shelf, live=False), address, "index.html")
    return template("waiting.html").render(frame=frame, title=title, wrong=wrong, version=heldout.__version__)


def _frame(shelf: Shelf, address: str, here: str, links: Mapping[tuple[str, str], str] = {}) -> Frame:
    root = "../" * address.count("/")
    data: dict[str, Any] = {"root": root, "live": shelf.live, "address": address}
    if address == "index.html":
        data["index"] = list(_index(shelf))
    return Frame(root, here, links, data, shelf.live, bool(shelf.comparisons), shelf.others)


def _index(shelf: Shelf) -> Iterator[tuple[str, str, str, str]]:
    """(kind, name, address, more words) of everything that can be found."""
    for slug, result in shelf.results.items():
        claims = " ".join(f"{v.claim} {v.verdict}" for v in result.verdicts)
        yield "study", result.study.paper.title or slug, study_address(slug), f"{slug} {shelf.theme(slug)} {claims}"
    for paper in shelf.papers:
        yield (
            "paper",
            paper.title,
            f"papers.html#{paper.slug}",
            f"{paper.slug} {paper.theme} {paper.about} {paper.claim}",
        )
    for kind, things in (("task", shelf.tasks), ("learner", shelf.learners)):
        for thing in things:
            yield kind, thing.name, thing.address, type(thing.value).__name__


def _front(shelf: Shelf, frame: Frame) -> str:
    counts = [v.verdict for r in shelf.results.values() for v in r.verdicts]
    return template("front.html").render(
        frame=frame,
        studies=[_entry(shelf, slug, result) for slug, result in shelf.results.items()],
        themes=sorted({t for t in map(shelf.theme, shelf.results) if t}),
        claims=len(counts),
        totals=[(word, mark, counts.count(word), MEANING[word]) for word, mark in MARKS.items()],
        version=heldout.__version__,
    )


def _entry(shelf: Shelf, slug: str, result: Result) -> Entry:
    paper = result.study.paper
    first = result.verdicts[0] if result.verdicts else None
    said = "" if first is None else f"{first.claim}: {first.verdict}"
    return Entry(
        slug,
        paper.title or slug,
        shelf.theme(slug),
        str(paper.year or ""),
        said,
        chips(result),
        f"{duration(result.cpu_seconds)} of CPU",
    )


def chips(result: Result) -> Chips:
    """(verdict, mark, how many) of a result, without those that do not occur."""
    found = [v.verdict for v in result.verdicts]
    return [(word, mark, found.count(word)) for word, mark in MARKS.items() if word in found]


def _papers(shelf: Shelf, frame: Frame) -> str:
    named = {p.slug for p in shelf.papers}
    others = [Paper(s, f.title or s, f.theme, "study", "", "") for s, f in shelf.known.items() if s not in named]
    listed = [_listed(shelf, paper) for paper in (*shelf.papers, *others)]
    return template("papers.html").render(
        frame=frame,
        papers=listed,
        themes=sorted({one.paper.theme for one in listed if one.paper.theme}),
        roles=ROLES,
        version=heldout.__version__,
    )


def _listed(shelf: Shelf, paper: Paper) -> Listed:
    result = shelf.results.get(paper.slug)
    if result is not None:
        return Listed(paper, "decided", chips(result))
    return Listed(paper, "not run yet" if paper.slug in shelf.known else "not there yet", [])


def _tasks(shelf: Shelf, frame: Frame) -> str:
    told = "Families of instances with named splits. Each page has its splits, sample instances and what every learner scored."
    return _listing(frame, "Tasks", told, [(t.address, t.name, _about(t), _used(t)) for t in shelf.tasks])


def _learners(shelf: Shelf, frame: Frame) -> str:
    told = "Training methods, and things that need no training. Each page has its settings and where it stands on every task."
    return _listing(frame, "Learners", told, [(t.address, t.name, _about(t), _used(t)) for t in shelf.learners])


def _comparisons(shelf: Shelf, frame: Frame) -> str:
    rows = [(comparison_address(i), title, "", "") for i, (title, _) in enumerate(shelf.comparisons)]
    return _listing(frame, "Comparisons", "Tables of results, compared.", rows)


def _listing(frame: Frame, title: str, told: str, rows: list[tuple[str, str, str, str]]) -> str:
    """A list of pages. `rows`: address, name, what it is, what stands beside it."""
    count = counted(len(rows), title.lower().removesuffix("s"))
    made = {"title": title, "told": told, "rows": rows, "count": count, "version": heldout.__version__}
    return template("things.html").render(frame=frame, **made)


def _about(thing: Thing) -> str:
    return next(iter(words(thing.value)), "")


def _used(thing: Thing) -> str:
    return ", ".join(dict.fromkeys(use.slug for use in thing.uses))
