"""The figures of a result as a few files, for documentation and talks."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from heldout.core.result import Result
from heldout.report.figures import places, severity, sheet, training_curve
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.evidence import evidence
from heldout.report.figures.forest import forest
from heldout.report.finding import Finding, findings
from heldout.report.sample import samples
from heldout.report.scores import Board, boards
from heldout.report.strip import strips


def gallery(result: Result) -> tuple[Drawing, ...]:
    """Claims against their bounds, their evidence; per task severity, places, training, heat map and sample instances."""
    return tuple(d for d in _all(result) if d is not None)


def _all(result: Result) -> Iterator[Drawing | None]:
    found = findings(result)
    yield forest(strips(found))
    drawn = [replace(d, caption=f"{f.mark} {said}") for said, f in _claims(found) if (d := evidence(f)) is not None]
    if drawn:
        yield sheet.sheet("evidence", "Evidence per claim, look by look", drawn, columns=2)
    shown = samples(result)
    for board in boards(result):
        if board.probe == "score":
            yield from _task(board)
            if board.task in shown:
                yield sheet.samples(name("samples", board.task), shown[board.task])


def _claims(found: Sequence[Finding]) -> Iterator[tuple[str, Finding]]:
    """Every claim, or its parts where it is compound, with what to call it."""
    for one in found:
        for i, part in enumerate(one.parts, 1):
            yield f"{one.name}, part {i}", part
        if not one.parts:
            yield one.name, one


def _task(board: Board) -> Iterator[Drawing | None]:
    legend = tuple(board.learners.values())
    curves = list(severity.curves(board))
    for axis in dict.fromkeys(d.group for d in curves):
        mine = [d for d in curves if d.group == axis]
        yield sheet.sheet(name("against", board.task, axis), f"{board.task}: score against {axis}", mine, legend)
    for axis in board.axes:
        if (drawn := places.dots(board, axis)) is not None:
            yield sheet.sheet(name("on", board.task, axis), f"{board.task}: score on each {axis}", [drawn], legend, 1)
    if steps := list(training_curve.curves(board)):
        title = f"{board.task}: score against training ({training_curve.legend(board)})"
        yield sheet.sheet(name("training", board.task), title, steps, legend, 3)
    elif steps := list(severity.steps(board)):
        yield sheet.sheet(name("training", board.task), f"{board.task}: score against training", steps, legend, 3)
    yield places.heat(board)
