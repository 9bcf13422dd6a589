"""A store as a site that changes: results are read again when the store has more."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from time import sleep
from typing import Any

from heldout.core.discover import load
from heldout.core.errors import HeldoutError
from heldout.lab import progress, recall
from heldout.report.site.pages import render
from heldout.report.site.shelf import Shelf, study_address
from heldout.store import Store
from heldout.viewer.gather import Sources, anything, result_of
from heldout.viewer.running import Runs

WATCHED = ("batches", "parts", "verdicts", "locks")
"""The folders of a store whose time of change says that there is something new."""

SEVERAL = 8
"""Studies that are gathered between two times at which lists are shown anew."""

PAUSE = 0.02
"""Seconds between two studies in which pages may be asked for."""


@dataclass
class Live:
    """One store's site. `shelf`: as it was gathered last; `runs`: what was started from here."""

    store: Store
    sources: Sources
    shelf: Shelf
    runs: Runs

    def __post_init__(self) -> None:
        self._lock = RLock()
        self._read: dict[str, Any] = {}
        self._pages: dict[str, tuple[Any, str]] = {}
        self._read = dict.fromkeys(self.shelf.results, self.version)
        self._gathered = 0

    def gather(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Add every study that was run, one after the other, while pages are served already; `say` is told what is left out."""
        for slug, one in self.sources.known.items():
            with self._lock:
                if slug in self.shelf.results or not anything(self.sources, slug):
                    continue
                version = self.version
                try:
                    result = result_of(one, self.sources)
                except HeldoutError as error:
                    say(f"warning: {slug} is left out: {error}")
                    continue
                if result is not None:
                    self._read[slug] = version
                    self._show({**self.shelf.results, slug: result})
            sleep(PAUSE)  # whoever waits for a page comes first
        self._gathered = 1

    def _show(self, found: dict[str, Any]) -> None:
        """Have the shelf show these results, in the order of the studies that are known."""
        order = {slug: place for place, slug in enumerate(self.shelf.known)}
        first = sorted(found, key=lambda slug: order.get(slug, len(order)))
        self.shelf = replace(self.shelf, results={slug: found[slug] for slug in first})

    @property
    def version(self) -> tuple[int, ...]:
        """A value that differs whenever the store has changed."""
        return tuple(_changed(self.store.folder / name) for name in WATCHED)

    def page(self, address: str) -> str | None:
        """The page at an address as of now, None where there is none. One at a time: figures share their canvas."""
        with self._lock:
            self._refresh(address)
            slug = _slug(address)
            results = self.shelf.results
            version = tuple(map(id, [results[slug]] if slug is not None and slug in results else results.values()))
            kept = self._pages.get(address)
            if kept is not None and kept[0] == version:
                return kept[1]
            text = render(self.shelf, address)
            if text is not None:
                self._pages[address] = version, text
            return text

    def state(self, address: str) -> dict[str, Any]:
        """What a page needs to know of: the version of what it shows, runs, and how far its study is."""
        slug = _slug(address)
        shown = len(self.shelf.results) // SEVERAL, self._gathered
        told: dict[str, Any] = {
            "version": str(hash((self.version, shown))),
            "runs": self.runs.states(),
            "known": slug or "",
        }
        if slug in self.runs.known or slug in self.store.studies():
            with self._lock:
                self._refresh(address)
                result = self.shelf.results.get(slug)
                if result is not None:
                    told["done"], told["planned"] = progress(result.study, self.store, result.verdicts)
        return told

    def _refresh(self, address: str) -> None:
        """Read again what the page shows, where the store has changed since: one study, or all on a list."""
        slug = _slug(address)
        begun = [s for s in self.store.studies() if s in self.shelf.known]
        version = self.version
        stale = [s for s in begun if self._read.get(s) != version and slug in (None, s)]
        found = dict(self.shelf.results)
        for one in stale:
            try:
                result = result_of(self.shelf.known[one], replace(self.sources, stores=(self.store,)))
            except HeldoutError:
                continue
            self._read[one] = version
            if result is not None and _told(result) != _told(found.get(one)):
                found[one] = result
        if slug is not None and slug in self.shelf.known and slug not in found:  # never run: a page to run it from
            one = self.shelf.known[slug]
            found[slug] = result_of(one, self.sources) or recall(load(one.reference), self.store)
        if any(found[s] is not self.shelf.results.get(s) for s in found):
            self._show(found)


def _told(result: Any) -> Any:
    """What of a result a page shows that a run can change."""
    return (
        None
        if result is None
        else (len(result.scores), [(v.verdict, v.n, v.estimate) for v in result.verdicts], result.cpu_seconds)
    )


def _slug(address: str) -> str | None:
    """The study that an address is the page of."""
    return address[8:-5] if address.startswith("studies/") and study_address(address[8:-5]) == address else None


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
