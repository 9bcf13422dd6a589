"""Contracts of learners: a good toy keeps each, and each catches a toy broken on purpose."""

from dataclasses import dataclass, replace
from itertools import count
from typing import Any

import jax
import numpy as np
import pytest

import toys
from heldout.contracts import learner as contract
from heldout.core import IID, Trained
from heldout.core.cell import Cell

CONTRACTS = (contract.repeats, contract.resumes, contract.trains_on_train_only)
COUNTER = count()


@dataclass(frozen=True)
class Peeking(toys.Search):
    """Starts from what it sees on iid instances."""

    def start(self, task, key):
        x, _ = task.draw(IID, key, 4)
        return super().start(task, key)._replace(guess=x.mean())


@dataclass(frozen=True)
class Sly(toys.Adder):
    """Not traced, and asks its task for iid questions while it learns."""

    steps = 3

    def advance(self, task, state, until):
        task.trials(task.oracle(), IID, toys.Words(1, 2), 3)


@dataclass(frozen=True)
class Moody(toys.Search):
    """Starts where a counter says, not its key."""

    def start(self, task, key):
        return super().start(task, key)._replace(guess=jax.numpy.float32(next(COUNTER)))


@dataclass(frozen=True)
class Guesser(toys.Adder):
    """Not traced, and answers with fresh random numbers each time it is made."""

    def model(self, task, state):
        shift = next(COUNTER)
        return lambda prompt: str(shift)


@dataclass(frozen=True)
class Forgetful(toys.Search):
    """Counts its steps anew whenever it is called, so that half-way and on is not the whole way."""

    def advance(self, task, state, until):
        return super().advance(task, state._replace(step=jax.numpy.int32(0)), until)


def test_good_toys_keep_every_contract():
    for cell in (Cell(toys.halves, toys.search), Cell(toys.sums, toys.adder)):
        assert contract.complete(cell.learner) == ()
        assert [held(cell) for held in CONTRACTS] == [()] * len(CONTRACTS)


@pytest.mark.parametrize(
    ("held", "task", "learner", "said"),
    [
        (contract.trains_on_train_only, toys.halves, Peeking(), "learning calls task.draw('iid')"),
        (contract.trains_on_train_only, toys.sums, Sly(), "learning calls task.trials('iid')"),
        (contract.repeats, toys.halves, Moody(), "two programs"),
        (contract.repeats, toys.sums, Guesser(), "facts 'answer' differ on 'iid'"),
        (contract.resumes, toys.halves, Forgetful(), "another model than at once"),
    ],
)
def test_each_contract_catches_its_broken_toy(held, task, learner, said):
    assert any(said in problem for problem in held(Cell(task, learner)))


def test_a_learner_that_does_not_claim_to_be_resumable_need_not_be():
    @dataclass(frozen=True)
    class Honest(Forgetful):
        resumable = False

    assert contract.resumes(Cell(toys.halves, Honest())) == ()


def test_trained_models_are_put_in_place_before_learning():
    @dataclass(frozen=True)
    class Tuned(toys.Search):
        base: Any = None

        def start(self, task, key):
            return super().start(task, key)._replace(guess=self.base + 0.0)

    cell = Cell(toys.halves, Tuned(base=Trained(toys.halves, toys.search)))
    assert [held(cell) for held in CONTRACTS] == [()] * len(CONTRACTS)


def test_a_watched_task_is_the_task_in_all_else():
    seen: list[str] = []
    watched = contract.watched(toys.halves, seen)
    assert isinstance(watched, toys.Halves)
    assert (watched.middle, watched.name, watched.splits) == (toys.halves.middle, "halves", toys.halves.splits)
    key = jax.random.key(0)
    assert np.array_equal(watched.draw(toys.TRAIN, key, 3)[0], toys.halves.draw(toys.TRAIN, key, 3)[0])
    assert seen == []
    watched.draw(split=toys.Halves.splits[2], key=key, n=1)
    assert seen == ["task.draw('wide')"]
    assert type(toys.halves) is toys.Halves
    assert replace(watched, middle=0.1).middle == 0.1


def test_what_is_missing_is_named():
    assert "it lacks `advance`" in contract.complete(object())
