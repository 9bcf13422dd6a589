"""What a conducted study amounts to: the one value that every report is made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from heldout.core.study import Study
from heldout.core.verdict import Verdict


@dataclass(frozen=True)
class ScoreRow:
    """One number of the score table: a cell on a split (or over an axis: `split` is then the axis) with its 95% interval.

    `probe` is `score` or another metric; `step` the training step it was taken at.
    """

    task: str
    learner: str
    config: str
    split: str
    axis: str | None
    group: str | None
    level: float | None
    probe: str
    step: int
    estimate: float
    low: float
    high: float
    n: int
    unit: str


@dataclass(frozen=True)
class MeasureRow:
    """A named number that the study asked to see, with its 95% interval."""

    name: str
    text: str
    estimate: float
    low: float
    high: float
    n: int
    unit: str


@dataclass(frozen=True)
class SampleFile:
    """A sample instance as the runner stored it: text always, and the path of a PNG where there is an image."""

    task: str
    split: str
    text: str
    answer: str
    image: Path | None = None


@dataclass(frozen=True)
class Result:
    """Verdicts, scores and cost of one study.

    `scores` holds, per cell and metric: every split, every axis (mean over its levels, groups equally), every group of an
    axis, and the worst level (`split="worst"`). `gaps`: per cell and axis, iid minus the axis, unit by unit.
    `seconds` is this call's wall clock; `cpu_seconds` all work behind it. `page`: where the HTML page was written.
    `revisions`: how often claims or cap changed after a first run. `about`: the study file's own words on what it keeps
    and leaves out. `warnings`: what the store or the runner had to say.
    """

    study: Study
    verdicts: tuple[Verdict, ...]
    scores: tuple[ScoreRow, ...]
    measures: tuple[MeasureRow, ...] = ()
    samples: tuple[SampleFile, ...] = ()
    seconds: float = 0.0
    cpu_seconds: float = 0.0
    cells_run: int = 0
    cells_reused: int = 0
    diverged: int = 0
    failed: int = 0
    provenance: Mapping[str, str] = field(default_factory=dict)
    gaps: tuple[ScoreRow, ...] = ()
    page: str = ""
    revisions: int = 0
    about: str = ""
    warnings: tuple[str, ...] = ()
