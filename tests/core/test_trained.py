"""References to the finished models of other cells."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import pytest

from heldout.core.cell import Cell, cells
from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained, put, references


class Pair(NamedTuple):
    left: Any
    right: Any


@dataclass(frozen=True)
class Task:
    name: str = "task"
    opponent: Any = None


@dataclass(frozen=True)
class Learner:
    name: str = "learner"
    steps: int = 10
    base: Any = None


BASE = Trained(Task(), Learner())
TEACHER = Trained(Task("other"), Learner("teacher"), seed=0)


def test_references_are_found_at_any_depth_with_their_place():
    learner = Learner(base=Learner("inner", base=BASE))
    assert list(references(learner)) == [(("base", "base"), BASE)]
    assert list(references(Learner())) == []
    assert list(references("text")) == []


def test_tuples_of_models_are_references_too():
    soup = Learner("soup", base=(BASE, TEACHER, 3))
    assert list(references(soup)) == [(("base", 0), BASE), (("base", 1), TEACHER)]
    live = put(soup, ("base", 1), "a model")
    assert live.base == (BASE, "a model", 3)
    assert put(Learner(base=Pair(BASE, 1)), ("base", 0), "m").base == Pair("m", 1)
    assert put(Learner(base=[BASE]), ("base", 0), "m").base == ["m"]


def test_a_reference_inside_a_reference_belongs_to_the_cell_referred_to():
    """The teacher's own teacher is the teacher's cell's business."""
    deep = Trained(Task(), Learner("student", base=TEACHER))
    assert list(references(Learner(base=deep))) == [(("base",), deep)]


def test_put_replaces_one_part_and_leaves_the_rest():
    learner = Learner("a", base=Learner("b", steps=3))
    assert put(learner, ("base", "steps"), 5) == Learner("a", base=Learner("b", steps=5))
    assert learner.base.steps == 3
    with pytest.raises(HeldoutError, match="no field 'stepz': there is name, steps, base"):
        put(learner, ("stepz",), 1)
    with pytest.raises(HeldoutError, match="no dataclass"):
        put(learner, ("steps", "x"), 1)


def test_a_cell_needs_what_its_learner_and_task_refer_to():
    cell = Cell(Task("t", opponent=TEACHER), Learner(base=BASE))
    assert [place for place, _ in cell.references] == [("learner", "base"), ("task", "opponent")]
    assert cell.needs == (Cell(BASE.task, BASE.learner), Cell(TEACHER.task, TEACHER.learner))
    assert cell.depth == 1
    assert Cell(Task(), Learner()).depth == 0
    (deep,) = cells(Task(), Learner("top", base=Trained(cell.task, cell.learner)))
    assert deep.depth == 2


def test_a_reference_without_a_task_means_the_cells_own():
    cell = Cell(Task("mine"), Learner(base=Trained(None, Learner())))
    assert cell.needs == (Cell(Task("mine"), Learner()),)
