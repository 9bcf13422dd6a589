"""Slopes, halving levels and forgetting: against records made by hand, and of a toy whose curves are known, to verdicts."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import IID, TRAIN, At, Budget, Outcomes, Paper, Probe, Split, Study, every, score
from heldout.core.cell import Cell
from heldout.core.curve import halving, hardest, slope
from heldout.core.expression import forgetting
from heldout.lab import Options, conduct
from heldout.measures import Rows, evaluate
from heldout.probes.score import score as scored
from heldout.store import open_store
from toys import Sums, adder

LEVELS = (1.0, 2.0, 3.0, 4.0, 5.0)


@dataclass(frozen=True)
class Falling:
    """A score of 1 - level / (2 x strength), which halves where the level is the model's strength."""

    name: ClassVar[str] = "falling"
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.0
    splits: ClassVar[tuple[Split, ...]] = (
        TRAIN, IID, *(Split(f"load {k:g}", "load", k) for k in LEVELS), Split("first", "stage", 1), Split("last", "stage", 2),
    )  # fmt: skip

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        """The known curve; on stages, what a memory of the first one keeps."""
        if split.axis == "stage":
            kept = 1 - model.forgets * model.done if split.level == 1 else model.done
            value = 0.5 + 0.5 * kept
        else:
            value = jnp.clip(1 - (split.level or 0.0) / (2 * model.strength), 0.0, 1.0)
        return Outcomes(jnp.zeros((n, 2), jnp.uint32), jnp.full(n, value), {})

    def samples(self, split: Split, key: Any, n: int) -> list[Any]:
        """None."""
        return []

    def oracle(self) -> None:
        """None."""


class Model(NamedTuple):
    """How much it bears, how far its training is, and how much of the first stage it gives away by the end."""

    strength: Any
    done: Any
    forgets: Any


class State(NamedTuple):
    """Where training stands."""

    step: Any
    strength: Any


@dataclass(frozen=True)
class Lifter:
    """A learner of a known strength, which varies by up to a tenth between seeds."""

    name: str
    strength: float
    forgets: float = 0.0
    steps: int = 40
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"

    def start(self, task: Any, key: Any) -> State:
        """A strength drawn by the seed."""
        return State(jnp.int32(0), self.strength + jax.random.uniform(key, (), minval=-0.1, maxval=0.1))

    def advance(self, task: Any, state: State, until: Any) -> State:
        """Nothing but time passes."""
        return State(jnp.maximum(state.step, until), state.strength)

    def model(self, task: Any, state: State) -> Model:
        """The model so far."""
        return Model(state.strength, state.step / self.steps, jnp.float32(self.forgets))


falling, strong, weak, tireless = Falling(), Lifter("strong", 3.5), Lifter("weak", 1.7, 0.6), Lifter("tireless", 40.0)


def rows_of(learner, table, steps=(40,)):
    """Records by split name: (steps, seeds) scores."""
    cell = Cell(falling, learner).digest
    found = [
        (cell, "score", seed, split, step, value, 10)
        for split, scores in table.items()
        for step, row in zip(steps, np.atleast_2d(scores), strict=True)
        for seed, value in enumerate(row)
        if not np.isnan(value)
    ]
    names = ("cell", "probe", "seed", "split", "step", "value", "n")
    return {
        n: np.array(c, dtype=object if n in ("cell", "probe", "split") else None)
        for n, c in zip(names, zip(*found, strict=True), strict=True)
    }


def curves(table):
    named = dict(zip(("iid", *(f"load {k:g}" for k in LEVELS)), np.asarray(table, float).T, strict=True))
    return Rows(rows_of(strong, named), {})


def test_slopes_are_those_of_fitted_lines():
    table = np.random.default_rng(1).random((7, 6))
    found = evaluate(slope(falling, strong, "load"), curves(table))
    assert found.values == pytest.approx([np.polyfit(LEVELS, row[1:], 1)[0] for row in table])
    flat = evaluate(slope(falling, strong, "load"), curves(np.full((3, 6), 0.1)))
    assert flat.values.tolist() == [0, 0, 0]  # exactly, so that rounding is never taken for an effect


def test_the_slope_of_items_is_per_item():
    @dataclass(frozen=True)
    class Sizes(Sums):
        splits: ClassVar[tuple[Split, ...]] = (IID, Split("small", "size", 1), Split("large", "size", 3))

    task, cell = Sizes(), Cell(Sizes(), adder).digest
    table = {"small": [1.0, 1.0, 0.0], "large": [0.0, 1.0, 1.0]}
    answered = [(cell, split, p, v) for split, values in table.items() for p, v in enumerate(values)]
    names = ("cell", "split", "position", "value")
    items = {
        n: np.array(c, dtype=object if n in ("cell", "split") else None)
        for n, c in zip(names, zip(*answered, strict=True), strict=True)
    }
    found = evaluate(slope(task, adder, "size"), Rows(rows_of(strong, {"iid": [0.5]}), items))
    assert found.unit == "item"
    assert found.values.tolist() == [-0.5, 0.0, 0.5]


def test_halvings_are_where_lines_cross_half_of_iid_and_censored_where_none_does():
    table = [
        [0.8, 0.7, 0.5, 0.3, 0.2, 0.1],
        [0.8, 0.3, 0.9, 0.9, 0.9, 0.9],
        [1, 0.9, 0.8, 0.8, 0.8, 0.6],
        [0, 0, 0, 0, 0, 0],
    ]
    found = evaluate(halving(falling, strong, "load", 0), curves(table))
    assert found.values == pytest.approx([2.5, 0.8, 5.0, 0.0])
    assert found.censored is not None
    assert found.censored.tolist() == [False, False, True, False]
    above = evaluate(halving(falling, strong, "load", 0, floor=0.5), curves(table[2:3]))
    assert above.values == pytest.approx([4.25])


def test_a_seed_that_lacks_a_level_is_left_out():
    table = np.full((3, 6), 0.4)
    table[1, 3] = np.nan
    for measure in (slope(falling, strong, "load"), halving(falling, strong, "load", 0)):
        assert evaluate(measure, curves(table)).units.tolist() == [0, 2]
    other = Rows(rows_of(weak, {"iid": [0.5]}), {})
    assert len(evaluate(halving(falling, strong, "load", 0), other)) == 0


def test_forgetting_is_the_best_earlier_score_less_the_last():
    first = [[0.9, 0.5], [0.7, 0.6], [0.4, 0.8]]
    last = [[0.1, 0.2], [0.5, 0.3], [0.6, 0.1]]
    rows = Rows(rows_of(strong, {"first": first, "last": last}, (10, 20, 40)), {})
    found = evaluate(forgetting(falling, strong, "stage"), rows)
    assert found.values == pytest.approx([((0.9 - 0.4) + (0.5 - 0.6)) / 2, ((0.6 - 0.8) + (0.3 - 0.1)) / 2])
    assert evaluate(forgetting(falling, strong, "first"), rows).values == pytest.approx([0.5, -0.2])
    once = Rows(rows_of(strong, {"first": [0.9], "last": [0.5]}), {})
    assert len(evaluate(forgetting(falling, strong, "stage"), once)) == 0


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    study = Study(
        Paper("curves", title="A toy of curves"),
        (falling,),
        (strong, weak, tireless),
        {
            "halves beyond 3": halving(falling, strong, "load", 0) > 3,
            "wrongly: halves before 3": halving(falling, strong, "load", 0) < 3,
            "the strong bear more": halving(falling, strong, "load", 0) > halving(falling, weak, "load", 0),
            "wrongly: the weak bear more": halving(falling, weak, "load", 0) > halving(falling, strong, "load", 0),
            "the tireless, censored, bear more": halving(falling, tireless, "load", 0)
            > halving(falling, strong, "load", 0),
            "censored runs are not known to end": halving(falling, tireless, "load", 0) < 100,
            "it falls": slope(falling, strong, "load") < 0,
            "wrongly: it rises": slope(falling, strong, "load") > 0,
            "the weak fall faster": slope(falling, weak, At("load")) < slope(falling, strong, At("load")),
            "load hurts the weak most": hardest(falling, weak, "load"),
            "wrongly: stages do": hardest(falling, weak, "stage"),
            "the weak forget": forgetting(falling, weak, "first") > 0.2,
            "wrongly: the strong forget": forgetting(falling, strong, "first") > 0.2,
            "more than the strong": forgetting(falling, weak, "stage") > forgetting(falling, strong, "stage"),
        },
        probes=(Probe(scored, at=every(10), n=2),),
        budget=Budget(seeds=24, minutes=2),
        measures={"halving": halving(falling, weak, "load", 0), "slope": slope(falling, weak, "load")},
    )
    return conduct(study, open_store(tmp_path_factory.mktemp("curves") / "store"), Options(workers=1))


def test_every_verdict_is_the_known_one(result):
    for verdict in result.verdicts:
        expected = "refuted" if verdict.claim.startswith("wrongly") else "supported"
        if verdict.claim == "censored runs are not known to end":
            expected = "undecided"
        assert verdict.verdict == expected, verdict


def test_printed_measures_are_the_known_numbers(result):
    halved, fell = result.measures
    assert halved.estimate == pytest.approx(1.7, abs=0.1)
    strengths = 1.7 + np.linspace(-0.1, 0.1, 101)
    lines = np.clip(1 - np.array(LEVELS) / (2 * strengths[:, None]), 0, 1)
    known = [np.polyfit(LEVELS, row, 1)[0] for row in lines]
    assert min(known) <= fell.estimate <= max(known)
    assert score(falling, weak).text == "score(falling, weak, iid)"
