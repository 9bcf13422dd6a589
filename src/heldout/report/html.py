"""A result as one self-contained HTML file: no script, no request, light and dark, escaped throughout."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from heldout.core.result import Result
from heldout.report.citation import bibliography, citation
from heldout.report.cost import cost, provenance
from heldout.report.figures import evidence, places, severity, training_curve
from heldout.report.figures.drawing import Drawing
from heldout.report.figures.sheet import GLYPHS
from heldout.report.finding import MARKS, MEANING, Finding, findings
from heldout.report.named import measure_tables
from heldout.report.number import counted
from heldout.report.sample import Samples, samples
from heldout.report.scores import Board, boards, gap_table, score_table
from heldout.report.site.explore import views
from heldout.report.site.frame import Frame
from heldout.report.strip import strips
from heldout.report.table import Table
from heldout.report.template import template
from heldout.report.text import paragraphs
from heldout.report.training import trained_for

SHAPES = tuple(GLYPHS.values())
DRAWN, CROWD = 16, 28
"""Tasks with figures, and learners that lines can be told apart for: what goes beyond is shown by its numbers."""


@dataclass(frozen=True)
class Part:
    """What is shown of one task in one metric; `main`: in its score."""

    name: str
    main: bool
    table: Table
    legend: tuple[tuple[str, str, str], ...]
    curves: tuple[tuple[str, tuple[Drawing, ...]], ...]
    steps: tuple[Drawing, ...]
    strokes: str
    dots: tuple[Drawing, ...]
    heat: Drawing | None
    samples: Samples | None
    views: Sequence[Mapping[str, Any]] = ()


def page(result: Result, frame: Frame | None = None) -> str:
    """The whole page; `frame`: what stands round it in a site, None for a page that stands alone."""
    found = findings(result)
    study, parts = result.study, list(_parts(result))
    words = [f.verdict for f in found]
    if frame is not None:
        frame = replace(frame, data={**frame.data, "boards": [p.views for p in parts]})
    return template("page.html").render(
        frame=frame,
        paper=study.paper,
        slug=study.slug,
        cited=citation(study.paper) if study.paper.authors or study.paper.year else "",
        about=paragraphs(result.about),
        chips=[(w, MARKS[w], words.count(w), MEANING[w]) for w in MARKS],
        tasks=[_task(t) for t in study.tasks],
        learners=[(x.name, trained_for(x)) for x in study.learners],
        budget=f"{counted(study.budget.seeds, 'seed')} or {counted(study.budget.items, 'item')}, {study.budget.minutes:g} min",
        found=[(f, _evidence(f)) for f in found],
        strips=strips(found),
        parts=parts,
        tables=[t for t in (*measure_tables(result), gap_table(result)) if t],
        published=_published(result),
        cost=cost(result),
        provenance=provenance(result),
        bibtex=bibliography(study),
    )


def _parts(result: Result) -> Iterator[Part]:
    shown, drawn = samples(result), 0
    for board in boards(result):
        main = board.probe == "score"
        draws = main and drawn < DRAWN and len(board.learners) <= CROWD
        drawn += draws
        along = training_curve.curves(board) if draws else ()
        yield Part(
            board.task if main else f"{board.task}: {board.probe}",
            main,
            score_table(board),
            tuple((label, f"c{i % 7 + 1}", SHAPES[i % len(SHAPES)]) for i, label in enumerate(board.learners.values())),
            _curves(board) if draws else (),
            along or (tuple(severity.steps(board)) if draws else ()),
            training_curve.legend(board) if along else "",
            _dots(board) if draws else (),
            places.heat(board) if draws else None,
            shown.get(board.task) if main else None,
            views(board) if main else (),
        )


def _curves(board: Board) -> tuple[tuple[str, tuple[Drawing, ...]], ...]:
    """The panels of every axis."""
    grouped: dict[str, list[Drawing]] = {}
    for drawing in severity.curves(board):
        grouped.setdefault(drawing.group, []).append(drawing)
    return tuple((axis, tuple(drawings)) for axis, drawings in grouped.items())


def _dots(board: Board) -> tuple[Drawing, ...]:
    made = (places.dots(board, axis) for axis in board.axes)
    return tuple(d for d in made if d is not None)


def _evidence(found: Finding) -> list[Drawing]:
    drawn = [evidence.evidence(f) for f in found.parts or (found,)]
    return [d for d in drawn if d is not None]


def _task(task: Any) -> tuple[str, str, str]:
    low, high = task.bounds
    score = f"{low:g} to {high:g}, chance {task.chance:.3g}"
    axes = dict.fromkeys(s.axis for s in task.splits if s.axis)
    said = []
    for axis in axes:
        mine = [s for s in task.splits if s.axis == axis]
        groups, levels = {s.group for s in mine if s.group}, {s.level for s in mine if s.level is not None}
        counts = [counted(len(groups), "group")] * (len(groups) > 1) + [counted(len(levels), "level")] * (
            len(levels) > 1
        )
        said.append(f"{axis} ({' × '.join(counts) or counted(len(mine), 'split')})")
    return task.name, score, ", ".join(said) or "no shift"


def _published(result: Result) -> list[tuple[str, str]]:
    """The paper's figures that stand beside no claim and no measure."""
    beside = {v.claim for v in result.verdicts} | {m.name for m in result.measures}
    return [(name, text) for name, text in result.study.paper.published.items() if name not in beside]
