"""Show a study, or one of its tasks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import StudyName, json_option
from heldout.cli.output import print_json

if TYPE_CHECKING:
    from heldout.core.split import Split
    from heldout.core.study import Study
    from heldout.core.task import Sample

MANY = 12
"""Splits that are named one by one; longer axes are told by their ends."""

SHADES, WIDEST = " .:-=+*#%@", 32
"""Letters from dark to light, and pixels of a picture's longer side."""


@click.command
@click.argument("name", metavar="STUDY|TASK", type=StudyName())
@click.option(
    "-n", "samples", type=click.IntRange(0, 100), default=2, show_default=True, help="Sample instances of each split."
)
@json_option
def command(name: str, samples: int, as_json: bool) -> None:
    """Show a study: paper, tasks with their axes, learners, claims in words, budget, sample instances.

    `heldout show corruptions:digits` shows one task of a study only, with instances of every split (of a few, where there are
    many) and their pictures; so does `heldout show package.module:Task` for a task of any module.
    """
    from heldout.cli.task import find

    study, task = find(name)
    if as_json:
        print_json(_told(task) if task is not None or study is None else tree(study))
        return
    if task is not None or study is None:
        parts = [_task(task), *_instances(task, samples)]
    else:
        parts = [_paper(study)]
        parts += [[*_task(one), *_named_samples(one, samples)] for one in study.tasks]
        parts += [_learners(study), _claims(study), _budget(study)]
    click.echo("\n\n".join(_lines(part) for part in parts))


def _lines(part: Iterable[str]) -> str:
    """A heading, and what stands under it."""
    from heldout.report.text import plain

    heading, *rest = (plain(text).rstrip() for text in part)
    return "\n".join([click.style(heading, bold=True), *(f"  {text}" for text in rest)])


def tree(study: "Study") -> dict[str, Any]:
    """The study as plain values."""
    from heldout.core.sweep import members

    return {
        "study": study.slug,
        "paper": study.paper,
        "tasks": [_told(t) for t in study.tasks],
        "learners": [
            {"name": x.name, "steps": members(x)[0][1].steps, "configurations": len(members(x))} for x in study.learners
        ],
        "claims": [{"name": name, "statement": claim.text} for name, claim in study.claims.items()],
        "budget": study.budget,
    }


def _told(task: Any) -> dict[str, Any]:
    """A task as plain values."""
    from heldout.core.split import axes

    splits = task.splits
    return {
        "name": task.name,
        "splits": list(splits),
        "axes": axes(splits),
        "bounds": task.bounds,
        "chance": task.chance,
    }


def _paper(study: "Study") -> Iterator[str]:
    from heldout.report.citation import citation

    yield study.paper.title or study.slug
    yield citation(study.paper)


def _task(task: Any) -> Iterator[str]:
    from heldout.core.split import axes

    low, high = task.bounds
    yield f"Task {task.name}: scores in [{low:g}, {high:g}], chance {task.chance:g}"
    yield ", ".join(f"{s.name} (training)" if s.train else s.name for s in task.splits if s.axis is None)
    for axis in axes(task.splits):
        yield f"shift {axis}: {_levels([s for s in task.splits if s.axis == axis])}"


def _named_samples(task: Any, n: int) -> Iterator[str]:
    """A line for each instance of a few splits."""
    for split in _telling(task.splits) if n else ():
        for sample in _samples(task, split, n):
            yield f"{split.name}: {_said(sample)}"


def _instances(task: Any, n: int) -> Iterator[list[str]]:
    """Part by part, instances of every split, or of the furthest of every axis where there are many splits."""
    splits = task.splits if len(task.splits) <= MANY else _telling(task.splits)
    for split in splits if n else ():
        part = [f"{split.name} (training)" if split.train else split.name]
        for sample in _samples(task, split, n):
            part += [_said(sample), *(_picture(sample.image) if sample.image is not None else ())]
        yield part


def _levels(splits: "Sequence[Split]") -> str:
    """The splits of one axis, group by group where it has groups."""
    groups: dict[str | None, list[Split]] = {}
    for split in splits:
        groups.setdefault(split.group, []).append(split)
    said = []
    for group, members in groups.items():
        levels = [f"{s.level:g}" if s.level is not None else s.name for s in members]
        text = ", ".join(levels) if len(levels) <= MANY else f"{levels[0]} ... {levels[-1]}"
        said.append(text if group is None else group if members[0].level is None else f"{group} {text}")
    return "; ".join(said)


def _telling(splits: "Sequence[Split]") -> "list[Split]":
    """One split of training, iid, and the furthest of every axis."""
    from heldout.core.split import axes

    ends = [[s for s in splits if s.axis == axis][-1] for axis in axes(splits)]
    return [*[s for s in splits if s.axis is None], *ends]


def _samples(task: Any, split: "Split", n: int) -> "Sequence[Sample]":
    from heldout.cli.task import key

    return task.samples(split, key(task, "samples"), n)


def _said(sample: "Sample") -> str:
    from heldout.report.text import short

    shape = getattr(sample.image, "shape", None)
    image = f" [image {' x '.join(map(str, shape))}]" if shape else ""
    return short(f"{sample.text}{image}" + (f" -> {sample.answer}" if sample.answer else ""), 160)


def _picture(image: Any) -> Iterator[str]:
    """The image in letters, two to a pixel, dark where it is dark; wide ones are shrunk by whole factors."""
    import numpy as np

    grey = np.asarray(image, float)
    grey = grey.mean(-1) if grey.ndim == 3 else grey
    by = max(1, -(-max(grey.shape) // WIDEST))
    rows, columns = (-(-side // by) for side in grey.shape)
    padded = np.full((rows * by, columns * by), np.nan)
    padded[: grey.shape[0], : grey.shape[1]] = np.clip(grey, 0.0, 1.0)
    shades = np.nanmean(padded.reshape(rows, by, columns, by), axis=(1, 3))
    for row in (shades * (len(SHADES) - 1)).round().astype(int):
        yield "".join(2 * SHADES[level] for level in row).rstrip()


def _learners(study: "Study") -> Iterator[str]:
    from heldout.core.sweep import members

    yield "Learners"
    width = max((len(x.name) for x in study.learners), default=0)
    for learner in study.learners:
        configs = members(learner)
        one = configs[0][1]
        effort = f"{one.steps} {type(one).step_unit}s" if one.steps else "no training"
        yield f"{learner.name:<{width}}  {effort}" + (f", {len(configs)} configurations" if len(configs) > 1 else "")


def _claims(study: "Study") -> Iterator[str]:
    yield "Claims"
    for name, claim in study.claims.items():
        yield name
        yield f"    {claim.text}"


def _budget(study: "Study") -> Iterator[str]:
    budget = study.budget
    items = any(getattr(x, "steps", 1) == 0 for x in study.learners)
    yield f"Budget: up to {budget.seeds} seeds" + f", {budget.items} items" * items + f", {budget.minutes:g} minutes"
