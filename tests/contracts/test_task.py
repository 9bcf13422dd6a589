"""Contracts of tasks: a good toy keeps each, and each catches a toy broken on purpose."""

from dataclasses import dataclass
from itertools import count

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import toys
from heldout.contracts import task as contract
from heldout.contracts.shift import p_value, shifts
from heldout.core import IID, TRAIN, Outcomes, Sample, Split

ASKED = (contract.repeats, contract.bounded, contract.distinct, contract.disjoint, shifts)
COUNTER = count()


@dataclass(frozen=True)
class Impatient(toys.Sums):
    """Draws from a counter, not from its key."""

    def draw(self, split, key, n):
        return super().draw(split, key.split(next(COUNTER)), n)


@dataclass(frozen=True)
class Generous(toys.Sums):
    """Pays two for a right answer."""

    def trials(self, model, split, key, n):
        found = super().trials(model, split, key, n)
        return found._replace(score=2 * found.score)


@dataclass(frozen=True)
class Lottery(toys.Halves):
    """Says that guessing is always right."""

    chance = 1.0


@dataclass(frozen=True)
class Stammering(toys.Sums):
    """Asks some questions twice."""

    def draw(self, split, key, n):
        return np.tile(super().draw(split, key, n // 2), (2, 1))


@dataclass(frozen=True)
class Misshapen(toys.Sums):
    """Gives one number where an id has two."""

    def trials(self, model, split, key, n):
        found = super().trials(model, split, key, n)
        return found._replace(item=found.item[:, 0])


@dataclass(frozen=True)
class Leaky(toys.Halves):
    """Draws from ten numbers, the same in every split."""

    def draw(self, split, key, n):
        x = jax.random.randint(key, (n,), 0, 200) / 100.0 - 1.0
        return x, x > self.middle

    def trials(self, model, split, key, n):
        x, above = self.draw(split, key, n)
        items = jnp.stack([jax.lax.bitcast_convert_type(x, jnp.uint32), jnp.zeros(n, jnp.uint32)], 1)
        return Outcomes(items, ((x > model) == above).astype(jnp.float32), {})


@dataclass(frozen=True)
class Photographs(toys.Sums):
    """Shows the same images when training and when testing, under different ids."""

    splits = (TRAIN, IID)

    def samples(self, split, key, n):
        return [Sample(split.name, "", np.full((4, 4), i)) for i in range(n)]


@dataclass(frozen=True)
class Unmoved(toys.Sums):
    """Forgets to look at the split, though each has a stream of its own."""

    def draw(self, split, key, n):
        return super().draw(IID, key.split(split.name), n)


@dataclass(frozen=True)
class Harder(toys.Halves):
    """Its shift shows in no feature, only in how a model fares: the label depends on a product."""

    splits = (TRAIN, IID, Split("flipped", "rule", 1.0))

    def draw(self, split, key, n):
        x, above = super().draw(IID, key, n)
        return x, above ^ (split.axis is not None)

    def samples(self, split, key, n):
        return [Sample("a number") for _ in range(n)]


@dataclass(frozen=True)
class Labelled(toys.Halves):
    """Shows images that are the same in every split, under a caption that names it."""

    def draw(self, split, key, n):
        return super().draw(IID, key, n)

    def samples(self, split, key, n):
        return [Sample(f"image of {split.name}", "", np.full((8, 8), i / n)) for i in range(n)]


def test_good_toys_keep_every_contract():
    for task in (toys.halves, toys.sums):
        assert contract.complete(task) == ()
        assert contract.solvable(task) == ()
        assert [held(task, task.oracle()) for held in ASKED] == [()] * len(ASKED)


@pytest.mark.parametrize(
    ("held", "task", "said"),
    [
        (contract.repeats, Impatient(), "items differ between two trials with one key on 'iid'"),
        (contract.repeats, Impatient(), "samples() differ"),
        (contract.bounded, Generous(), "a model scores 2 on 'iid', outside [0, 1]"),
        (contract.distinct, Stammering(), "of 128 items on 'iid' are repeated"),
        (contract.distinct, Misshapen(), "items of shape (128,)"),
        (contract.disjoint, Leaky(), "item ids of 'iid', 'wide', 'wider' are also those of training instances"),
        (contract.disjoint, Photographs(), "samples of 'iid' are also training instances"),
        (shifts, Unmoved(), "instances of 'carry' look like iid ones"),
        (shifts, Labelled(), "instances of 'wider' look like iid ones"),
    ],
)
def test_each_contract_catches_its_broken_toy(held, task, said):
    assert any(said in problem for problem in held(task, task.oracle()))


def test_an_oracle_must_beat_chance():
    assert any("no better than chance (1)" in problem for problem in contract.solvable(Lottery()))


def test_what_is_missing_is_named():
    class Bare:
        name = "bare"
        splits = (TRAIN, TRAIN)

    assert "it lacks `trials`" in contract.complete(Bare())

    @dataclass(frozen=True)
    class Closed(toys.Sums):
        splits = (TRAIN, TRAIN)

    assert contract.complete(Closed()) == (
        "two splits are called 'train'",
        "all its splits are train splits: nothing is held out",
    )

    @dataclass(frozen=True)
    class Twofold(toys.Sums):
        splits = (IID, Split("length", "length", 1.0))

    assert "axis" in contract.complete(Twofold())[0]


def test_a_shift_that_only_a_model_feels_is_a_shift():
    assert shifts(Harder(), None) == ()


def test_the_two_sample_test_keeps_its_level_and_sees_small_shifts():
    """Under the null at most 5% of 200 tests fall below 0.05 (7.5% allowed); a shift of one deviation is always seen."""
    rng = np.random.default_rng(1)
    null = [p_value(rng.normal(size=(40, 5)), rng.normal(size=(40, 5))) for _ in range(200)]
    assert np.mean(np.array(null) <= 0.05) <= 0.085
    shifted = [p_value(rng.normal(size=(40, 5)), rng.normal(size=(40, 5)) + np.eye(5)[0] * 1.5) for _ in range(20)]
    assert max(shifted) <= 0.01
    assert p_value(np.zeros((9, 3)), np.zeros((9, 3))) == 1.0
