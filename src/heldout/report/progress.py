"""What a run looks like while it works: bars on a terminal, a line every few seconds elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from heldout.core.cell import grid
from heldout.core.study import Study
from heldout.report.text import line, short

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

    from heldout.core.verdict import Verdict

EVERY = 5.0
"""Seconds between two lines where there is no terminal."""


@dataclass
class Running:
    """A batch at work: the cell in words, its seeds or items, the share that is done."""

    name: str
    units: str
    share: float = 0.0


@dataclass
class Progress:
    """What has been heard of a run so far: a `Watch`, called with every `Event` of the runner."""

    study: Study
    say: Callable[[str], None] = lambda _: None
    clock: Callable[[], float] = time.monotonic
    running: dict[str, Running] = field(default_factory=dict)
    decided: dict[str, str] = field(default_factory=dict)
    finished: int = 0  # seeds or blocks of items that ended in this run
    total: int = 0  # those that this look asks for
    done: float = 0.0  # of them, those that ended
    looks: int = 0

    def __post_init__(self) -> None:
        self.begun = self.since = self.clock()
        self.unit = {c.name: c.unit for c in grid(self.study)}

    def __call__(self, event: Any) -> None:
        """Take in an event, and say at once what is worth a line of its own."""
        if event.kind == "plan" and event.total:
            self.total, self.done, self.since = event.total, 0.0, self.clock()
        elif event.kind == "begin":
            self.running[event.batch] = Running(line(event.name), self._units(event))
        elif event.kind == "progress" and event.batch in self.running:
            self.running[event.batch].share = event.share
        elif event.kind == "end":
            self._end(event)
        elif event.kind == "look":
            self._look(event.verdicts)
        elif event.kind == "note":
            self.say(line(event.text))

    def _units(self, event: Any) -> str:
        first, last = event.units[0], event.units[-1]
        if self.unit.get(event.name) == "item":
            return f"items from {first}"
        return f"seed {first}" if first == last else f"seeds {first}-{last}"

    def _end(self, event: Any) -> None:
        self.running.pop(event.batch, None)
        if event.text:
            self.say(f"failed: {line(event.name)}, {self._units(event)}: {line(event.text)}")
            return
        self.done += len(event.units)
        self.finished += len(event.units)

    def _look(self, verdicts: "tuple[Verdict, ...]") -> None:
        self.looks += 1
        for verdict in verdicts:
            if verdict.decided and self.decided.get(verdict.claim) != verdict.verdict:
                self.decided[verdict.claim] = verdict.verdict
                if self.finished:  # what was known before is the report's to tell
                    self.say(f"{verdict.verdict} after {verdict.n} {verdict.unit}s: {line(verdict.claim)}")
        open_claims = {v.claim for v in verdicts if not v.decided}
        self.decided = {c: v for c, v in self.decided.items() if c not in open_claims}

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return self.clock() - self.begun

    @property
    def share(self) -> float:
        """How much of this look is done, between 0 and 1."""
        partly = sum(r.share for r in self.running.values()) * self._mean_batch
        return min((self.done + partly) / self.total, 1.0) if self.total else 0.0

    @property
    def _mean_batch(self) -> float:
        """Seeds per batch at work; the runner trains four at a time."""
        return min(4.0, (self.total - self.done) / max(len(self.running), 1)) if self.running else 0.0

    @property
    def left(self) -> float | None:
        """Seconds until this look is done at the pace so far, never beyond the budget; None while nobody can tell."""
        spent, budget = self.clock() - self.since, 60 * self.study.budget.minutes - self.seconds
        if self.share < 0.02 or spent < 1.0:
            return None
        return max(0.0, min(spent * (1 - self.share) / self.share, budget))

    def headline(self) -> str:
        """Claims, seeds and time in one line."""
        left, claims = self.left, self.study.claims
        look = f"look {self.looks + 1}: " if claims else ""
        parts = [
            f"{self.study.slug}: {len(self.decided)} of {len(claims)} claims decided" if claims else self.study.slug,
            f"{look}{self.done:.0f} of {self.total} runs" if self.total else "planning",
            clock_text(self.seconds),
            f"about {clock_text(left)} left" if left is not None else "",
        ]
        return ", ".join(p for p in parts if p)

    def line(self) -> str:
        """Everything in one line, for a log."""
        working = "; ".join(f"{r.name} ({r.units}) {r.share:.0%}" for r in self.running.values())
        return self.headline() + (f"; {working}" if working else "")


def clock_text(seconds: float) -> str:
    """Such as `0:07`, `12:30` or `1:05:00`."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


@contextmanager
def watching(study: Study, console: "Console") -> Iterator[Progress]:
    """A `Watch` that draws on the console while it is open: bars on a terminal, lines elsewhere."""
    if console.is_terminal and not console.is_dumb_terminal:
        with _live(study, console) as progress:
            yield progress
    else:
        yield _Lines(study, lambda text: console.print(text, markup=False, highlight=False, soft_wrap=True))


@dataclass
class _Lines(Progress):
    last: float = 0.0

    def __call__(self, event: Any) -> None:
        super().__call__(event)
        now = self.clock()
        if self.running and now - max(self.last, self.begun) >= EVERY:
            self.last = now
            self.say(self.line())


@contextmanager
def _live(study: Study, console: "Console") -> Iterator[Progress]:
    from rich.live import Live

    def say(text: str) -> None:
        console.print(text, markup=False, highlight=False)

    progress = Progress(study, say)
    with Live(
        get_renderable=lambda: picture(progress, console.width),
        console=console,
        transient=True,
        redirect_stdout=False,
    ):
        yield progress


def picture(progress: Progress, width: int) -> "RenderableType":
    """The headline, and a bar for every batch at work."""
    from rich.console import Group
    from rich.progress_bar import ProgressBar
    from rich.table import Table
    from rich.text import Text

    bars = Table.grid(padding=(0, 2, 0, 0))
    for running in progress.running.values():
        bars.add_row(
            Text(short(running.name, max(width - 60, 16))),
            Text(running.units, style="dim"),
            ProgressBar(total=1.0, completed=running.share, width=24),
            Text(f"{running.share:4.0%}"),
        )
    return Group(Text(short(progress.headline(), width), style="bold"), bars)
