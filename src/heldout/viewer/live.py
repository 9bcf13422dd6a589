"""A store as a site that changes: results are read, and read again when the store has more, behind the pages.

Whoever asks for a page gets it at once, whatever it takes to read the store: after a moment's patience as it was before, or, the
first time, a page that says what is being read and comes back by itself.
"""

from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Lock
from time import monotonic, sleep
from typing import Any

from heldout.core.background import background
from heldout.core.discover import load
from heldout.core.errors import HeldoutError
from heldout.core.result import Result
from heldout.lab import progress, recall
from heldout.report.site.pages import render, waiting
from heldout.report.site.shelf import Shelf, study_address
from heldout.store import Store
from heldout.viewer.gather import Sources, anything, result_of, tell_of_strangers
from heldout.viewer.running import Runs

WATCHED = ("batches", "parts", "verdicts", "locks")
"""The folders of a store whose time of change says that there is something new."""

SEVERAL = 8
"""Studies that are gathered between two times at which lists are shown anew."""

PAUSE, PAINTING = 0.02, 0.3
"""Seconds between two studies in which pages may be asked for, and those that a browser is given to paint what it was sent."""

READING, MAKING = 0.25, 0.65
"""Seconds that a page waits for the store to be read, and (from its asking) for itself to be made."""


@dataclass
class Live:
    """One store's site. `shelf`: as it was gathered last; `runs`: what was started from here."""

    store: Store
    sources: Sources
    shelf: Shelf
    runs: Runs

    def __post_init__(self) -> None:
        self._lock = Lock()  # of what stands below and of the shelf; nothing long is done under it
        self._reading = Lock()  # one study at a time
        self._read: dict[str, Any] = dict.fromkeys(self.shelf.results, self.version)
        self._unrun: dict[str, Result] = {}  # studies that were never run, whose pages they can be run from
        self._wrong: dict[str, str] = {}
        self._again = dict.fromkeys(self.shelf.results, 0)  # how often a result has changed
        self._pages: dict[str, tuple[Any, str]] = {}
        self._jobs: dict[str, Future[Any]] = {}
        self._asked: set[object] = set()
        self._sent = 0.0
        self._gathered = False

    def gather(self, say: Callable[[str], None] = lambda _: None) -> None:
        """Add every study that was run, those of the store first, while pages are served already; `say` is told what is left out."""
        begun = self._begun()
        tell_of_strangers(self.sources, say)
        for slug in (*begun, *(s for s in self.sources.known if s not in begun)):
            if slug not in self.shelf.results and anything(self.sources, slug):
                with suppress(HeldoutError):
                    self._start(slug, self._take, slug).result()
                if slug in self._wrong:
                    say(f"warning: {slug} is left out: {self._wrong[slug]}")
                sleep(PAUSE)
                while self._asked or monotonic() - self._sent < PAINTING:  # whoever waits for a page comes first
                    sleep(PAUSE)
        self._gathered = True

    @property
    def version(self) -> tuple[int, ...]:
        """A value that differs whenever the store has changed."""
        return tuple(_changed(self.store.folder / name) for name in WATCHED)

    def page(self, address: str) -> str | None:
        """The page at an address, None where there is none."""
        mine = object()
        self._asked.add(mine)
        try:
            return self._page(address, monotonic())
        except Late:
            return self._waiting(address)
        finally:
            self._sent = monotonic()
            self._asked.discard(mine)

    def _page(self, address: str, began: float) -> str | None:
        """The same, asked for at a time; `Late` where it takes longer than whoever asked should wait."""
        slug = _slug(address)
        patience = READING if slug is not None or self._gathered else 0.0
        for job in self._refresh(address):
            with suppress(Late, HeldoutError):
                job.result(began + patience - monotonic())
        if slug in self.shelf.known and slug not in self.shelf.results and slug not in self._unrun:
            return self._waiting(address)
        kept = self._pages.get(address)
        if kept is not None and kept[0] == self._shown(address):
            return kept[1]
        text = self._start(address, self._make, address).result(None if kept else began + MAKING - monotonic())
        early = not self._gathered and address.startswith(("tasks/", "learners/"))
        return self._waiting(address) if text is None and early else text

    def _waiting(self, address: str) -> str:
        slug = _slug(address) or ""
        title = self.shelf.known[slug].title if slug in self.shelf.known else ""
        return waiting(self.shelf, address, title, self._wrong.get(slug, ""))

    def state(self, address: str) -> dict[str, Any]:
        """What a page needs to know of: the version of what it shows, runs, and how far its study is."""
        slug = _slug(address)
        self._refresh(address)
        told: dict[str, Any] = {
            "version": str(hash(self._shown(address, several=SEVERAL))),
            "runs": self.runs.states(),
            "known": slug or "",
        }
        if slug in self.runs.known or slug in self.store.studies():
            result = self.shelf.results.get(slug or "")
            if result is not None:
                told["done"], told["planned"] = progress(result.study, self.store, result.verdicts)
        return told

    def _shown(self, address: str, several: int = 1) -> tuple[int, ...]:
        """A value that differs whenever the page shows other results; `several`: whenever a list has so many more."""
        slug, results = _slug(address), self.shelf.results
        if slug is not None:
            return self._again.get(slug, 0), slug in results
        return sum(self._again.values()), len(results) // several, self._gathered

    def _begun(self) -> list[str]:
        return [s for s in self.store.studies() if s in self.shelf.known]

    def _refresh(self, address: str) -> list[Future[Any]]:
        """Have read (again) what the page shows, where the store has changed since: one study, or all of the store on a list."""
        slug, version, begun = _slug(address), self.version, self._begun()
        wanted = begun if slug is None else [slug] * (slug in self.shelf.known)
        stale = [s for s in wanted if s not in self._read or (s in begun and self._read[s] != version)]
        return [self._start(s, self._take, s) for s in stale]

    def _start(self, key: str, work: Callable[[str], Any], argument: str) -> Future[Any]:
        """Work in a thread of its own that ends with the process; the same again where it is under way."""
        with self._lock:
            if key in self._jobs:
                return self._jobs[key]

            def run() -> Any:
                try:
                    return work(argument)
                finally:
                    with self._lock:  # before whoever waits for it asks again
                        del self._jobs[key]

            self._jobs[key] = background(run)
            return self._jobs[key]

    def _take(self, slug: str) -> None:
        """Read a study, and put it on the shelf if it is told differently now."""
        with self._reading:
            version, found = self.version, self.shelf.known[slug]
            try:
                result = result_of(found, self.sources)
                unrun = recall(load(found.reference), self.store) if result is None else None
            except HeldoutError as error:
                with self._lock:
                    self._read[slug], self._wrong[slug] = version, str(error)
                raise
        with self._lock:
            self._read[slug] = version
            self._wrong.pop(slug, None)
            if unrun is not None:
                self._unrun[slug] = unrun
            elif _told(result) != _told(self.shelf.results.get(slug)):
                self._again[slug] = self._again.get(slug, -1) + 1
                self._show({**self.shelf.results, slug: result})

    def _show(self, found: dict[str, Any]) -> None:
        """Have the shelf show these results, in the order of the studies that are known."""
        order = {slug: place for place, slug in enumerate(self.shelf.known)}
        first = sorted(found, key=lambda slug: order.get(slug, len(order)))
        self.shelf = replace(self.shelf, results={slug: found[slug] for slug in first})

    def _make(self, address: str) -> str | None:
        """The text of a page, which is kept as long as it shows the same."""
        shown, shelf, slug = self._shown(address), self.shelf, _slug(address)
        if slug in self._unrun and slug not in shelf.results:
            shelf = replace(shelf, results={**shelf.results, slug: self._unrun[slug]})
        text = render(shelf, address)
        if text is not None:
            self._pages[address] = shown, text
        return text


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
