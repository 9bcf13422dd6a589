"""One learner, in one configuration, on one task."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from heldout.core.digest import digest
from heldout.core.measure import Leaf, OverSeeds, Score
from heldout.core.pretrained import Pretrained
from heldout.core.study import Study
from heldout.core.sweep import Sweep, members
from heldout.core.trained import Place, Trained, references
from heldout.core.values import Unit


@dataclass(frozen=True)
class Cell:
    """A task, a learner without a sweep, and the text of its configuration."""

    task: Any
    learner: Any
    config: str = ""

    @cached_property
    def digest(self) -> str:
        """What the store knows this cell by: budget, study and claims are not in it."""
        return digest((self.task, self.learner))

    @property
    def name(self) -> str:
        """The cell in words."""
        return " ".join(p for p in (self.learner.name, self.config, "on", self.task.name) if p)

    @property
    def unit(self) -> Unit:
        """The unit of inference: what never trained, here or in a cell referred to, is judged item by item."""
        return "item" if self.learner.steps == 0 and not self.references else "seed"

    @cached_property
    def references(self) -> tuple[tuple[Place, Trained], ...]:
        """The finished models that the learner or its task needs: path of field names (from the cell), reference."""
        found = [(("learner", *p), t) for p, t in references(self.learner)]
        found += [(("task", *p), t) for p, t in references(self.task)]
        return tuple((p, replace(t, task=self.task) if t.task is None else t) for p, t in found)

    @cached_property
    def needs(self) -> "tuple[Cell, ...]":
        """The cells whose weights this one needs."""
        return tuple(Cell(t.task, t.learner) for _, t in self.references)

    @property
    def depth(self) -> int:
        """How many trainings must come before this one."""
        return max((c.depth + 1 for c in self.needs), default=0)


def cells(task: Any, learner: Any) -> tuple[Cell, ...]:
    """The cells of a task and a learner: one, or one per configuration of a sweep."""
    config_learners = members(learner) if isinstance(learner, Sweep) else [("", learner)]
    return tuple(Cell(task, one, config) for config, one in config_learners)


def grid(study: Study) -> tuple[Cell, ...]:
    """Every cell of a study's tasks x learners, and those that they or its measures refer to, once, the needed first."""
    found: dict[str, Cell] = {}
    wanted = [cell for task in study.tasks for learner in study.learners for cell in cells(task, learner)]
    wanted += [cell for leaf in study.leaves() for cell in asked(leaf)]
    for cell in wanted:
        for one in (*_below(cell), cell):
            found.setdefault(one.digest, one)
    return tuple(sorted(found.values(), key=lambda c: c.depth))


def asked(leaf: Leaf) -> tuple[Cell, ...]:
    """The cells whose records a leaf reads; scored on another task than the one trained on, the model is a pretrained one."""
    if isinstance(leaf, Score) and leaf.on is not None:
        return tuple(Cell(leaf.on, Pretrained(Trained(leaf.task, one)), c) for c, one in members(leaf.learner))
    beside = leaf.beside if isinstance(leaf, OverSeeds) else ()
    return tuple(cell for one in (leaf.learner, *beside) for cell in cells(leaf.task, one))


def unit(leaf: Leaf) -> Unit:
    """The unit of the leaf's numbers."""
    return "block" if isinstance(leaf, OverSeeds) else asked(leaf)[0].unit


def _below(cell: Cell) -> Iterator[Cell]:
    for need in cell.needs:
        yield from _below(need)
        yield need
