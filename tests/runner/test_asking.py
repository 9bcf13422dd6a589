from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from made import Generous, Hidden, Misshapen

import toys
from heldout.core import IID, HeldoutError, Outcomes, Probe, Snapshot
from heldout.core.cell import Cell
from heldout.probes.score import score
from heldout.runner.asking import Live, Rows, ask

UNITS = (0, 1, 2)


def at(snapshot: Snapshot, split: Any, key: Any, n: int) -> dict[str, Any]:
    return {"guess": snapshot.model, "state": snapshot.state}


def live(task: Any, models: Any, mode: Any = "map", learner: Any = toys.search) -> Live:
    return Live(Cell(task, learner), mode, UNITS, 7, models, models)


def asked(now: Live, probe: Probe = Probe(score), n: int = 40) -> Rows:
    rows = Rows()
    for split in probe.splits(now.cell.task):
        ask(probe, now, split, rows, n)
    return rows


@pytest.mark.parametrize("mode", ["vmap", "map"])
def test_a_record_for_every_seed_and_split(mode: Any) -> None:
    models = jnp.array([0.3, 0.0, -0.9])
    rows = asked(live(toys.halves, models if mode == "vmap" else list(models), mode)).records
    assert rows["split"] == [s for s in ("train", "iid", "wide", "wider") for _ in UNITS]
    assert rows["seed"] == [*UNITS] * 4
    assert rows["level"][-1] == 4.0
    assert set(rows["step"]) == {7}
    assert set(rows["n"]) == {40}
    assert set(rows["probe"]) == {"score"}
    assert rows["value"][:3] == sorted(rows["value"][:3], reverse=True)
    assert rows["value"][0] == 1.0


def test_both_ways_of_asking_give_the_same_rows() -> None:
    models = jnp.array([0.3, 0.0, -0.9])
    abreast, in_turn = asked(live(toys.halves, models, "vmap")), asked(live(toys.halves, list(models)))
    assert abreast.records == in_turn.records


def test_named_numbers_become_probes_of_their_own() -> None:
    models = [0.25, 0.5, 0.75]
    rows = asked(live(toys.halves, models), Probe(at, on=("iid",))).records
    assert rows["probe"] == ["at.guess", "at.state"] * 3
    assert rows["value"][::2] == models


def test_items_are_kept_where_asked_for_and_all_learners_get_the_same() -> None:
    rows = asked(live(toys.halves, [0.3, 0.0, -0.9]), Probe(score, on=("iid",), items=True)).items
    assert len(set(rows["item"])) == 3 * 40  # every seed draws instances of its own
    assert rows["position"] == [*range(40)] * 3
    assert set(rows["status"]) == {"ok"}
    other = asked(live(toys.halves, [0.9] * 3, learner=toys.stuck), Probe(score, on=("iid",), items=True)).items
    assert other["item"] == rows["item"]
    assert not asked(live(toys.halves, [0.3, 0.0, -0.9])).items


def test_blocks_of_items_go_on_counting() -> None:
    now = Live(Cell(toys.sums, toys.adder), "loop", (50,), 0, [None], [toys.sums.oracle()])
    rows = asked(now, n=100).items
    assert rows["position"] == [*range(50, 150)] * 2
    assert set(rows["value"]) == {1.0}
    assert rows["answer"][0].isdigit()


@pytest.mark.parametrize("mode", ["vmap", "map"])
def test_a_model_of_nan_has_diverged_and_scores_the_worst_though_grading_hides_it(mode: Any) -> None:
    models = jnp.array([0.3, jnp.nan, 0.3])
    hidden = Hidden()
    assert float(hidden.trials(jnp.nan, IID, toys.jax.random.key(0), 40).score.mean()) > 0  # else nothing is tested
    rows = asked(live(hidden, models if mode == "vmap" else list(models), mode))
    assert rows.diverged == {1}
    values = np.array(rows.records["value"]).reshape(4, 3)
    assert (values[:, 1] == 0.0).all()
    assert (values[:, [0, 2]] == 1.0).all()


def test_scores_of_nan_are_the_worst_and_so_is_the_run() -> None:
    class Half(toys.Halves):
        def trials(self, model: Any, split: Any, key: Any, n: int) -> Outcomes:
            found = super().trials(model, split, key, n)
            return found._replace(score=jnp.where(jnp.arange(n) < n // 2, jnp.nan, 1.0))

    rows = asked(live(Half(), [0.1] * 3))
    assert rows.diverged == set(UNITS)
    assert set(rows.records["value"]) == {0.5}


def test_wrong_shapes_and_scores_out_of_bounds_are_said_in_one_line() -> None:
    for task, said in (
        (Misshapen(), "scores of shape \\(\\) and items of shape \\(40, 2\\)"),
        (Generous(), "lies outside the task's bounds \\[0, 1\\]"),
    ):
        with pytest.raises(HeldoutError, match=said) as error:
            asked(live(task, [0.3] * 3))
        assert "\n" not in str(error.value)
        assert "'halves'" in str(error.value)
        assert "'search'" in str(error.value)


def test_a_diverged_run_that_is_no_tree_of_arrays_passes() -> None:
    class Opaque:
        dtype = "something of its own"

    assert Live(Cell(toys.sums, toys.adder), "loop", (0,), 0, [None], [Opaque()]).diverged == frozenset()
