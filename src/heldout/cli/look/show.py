"""Show a study, or one of its tasks."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import StudyName, json_option, load
from heldout.cli.output import print_json

if TYPE_CHECKING:
    from heldout.core.split import Split
    from heldout.core.study import Study

MANY = 12
"""Splits that are named one by one; longer axes are told by their ends."""


@click.command
@click.argument("name", metavar="STUDY[:TASK]", type=StudyName())
@click.option(
    "-n", "samples", type=click.IntRange(0, 100), default=2, show_default=True, help="Sample instances of each split."
)
@json_option
def command(name: str, samples: int, as_json: bool) -> None:
    """Show a study: paper, tasks with their axes, learners, claims in words, budget, sample instances.

    `heldout show corruptions:digits` shows one task of a study only.
    """
    study, task = _find(name)
    tasks = [task] if task is not None else list(study.tasks)
    if as_json:
        whole = tree(study, tasks)
        print_json(whole if task is None else whole["tasks"][0])
        return
    parts = [] if task is not None else [_paper(study)]
    parts += [_task(one, samples) for one in tasks]
    parts += [] if task is not None else [_learners(study), _claims(study), _budget(study)]
    click.echo("\n\n".join(_lines(part) for part in parts))


def _lines(part: Iterable[str]) -> str:
    """A heading, and what stands under it."""
    from heldout.report.text import plain

    heading, *rest = (plain(text).rstrip() for text in part)
    return "\n".join([click.style(heading, bold=True), *(f"  {text}" for text in rest)])


def _find(name: str) -> "tuple[Study, Any]":
    base, _, inner = name.partition(":") if not name.endswith(".py") else (name, "", "")
    if inner:
        _, study = load(base)
        task = next((t for t in study.tasks if t.name == inner), None)
        if task is not None:
            return study, task
    return load(name)[1], None


def tree(study: "Study", tasks: list[Any]) -> dict[str, Any]:
    """The study as plain values."""
    from heldout.core.split import axes
    from heldout.core.sweep import members

    return {
        "study": study.slug,
        "paper": study.paper,
        "tasks": [
            {"name": t.name, "splits": list(t.splits), "axes": axes(t.splits), "bounds": t.bounds, "chance": t.chance}
            for t in tasks
        ],
        "learners": [
            {"name": x.name, "steps": members(x)[0][1].steps, "configurations": len(members(x))} for x in study.learners
        ],
        "claims": [{"name": name, "statement": claim.text} for name, claim in study.claims.items()],
        "budget": study.budget,
    }


def _paper(study: "Study") -> Iterator[str]:
    from heldout.report.citation import citation

    yield study.paper.title or study.slug
    yield citation(study.paper)


def _task(task: Any, samples: int) -> Iterator[str]:
    from heldout.core.split import axes

    low, high = task.bounds
    yield f"Task {task.name}: scores in [{low:g}, {high:g}], chance {task.chance:g}"
    yield ", ".join(f"{s.name} (training)" if s.train else s.name for s in task.splits if s.axis is None)
    for axis in axes(task.splits):
        yield f"shift {axis}: {_levels([s for s in task.splits if s.axis == axis])}"
    for split in _telling(task.splits) if samples else ():
        for sample in _samples(task, split, samples):
            yield f"{split.name}: {sample}"


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


def _samples(task: Any, split: "Split", n: int) -> Iterator[str]:
    from heldout.core.digest import digest
    from heldout.report.text import short
    from heldout.runner.together import key

    for sample in task.samples(split, key(task.traced, digest(task), "samples"), n):
        shape = getattr(sample.image, "shape", None)
        image = f" [image {' x '.join(map(str, shape))}]" if shape else ""
        yield short(f"{sample.text}{image}" + (f" -> {sample.answer}" if sample.answer else ""), 160)


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
