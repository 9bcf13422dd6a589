import numpy as np
import pytest

from heldout.core.cell import Cell
from heldout.measures import Rows, evaluate
from heldout.studies.formal.grokking import STEPS, delayed, half, mlp, study


def rows(curves):
    """Records of one cell from (split, seed) to a score by step."""
    cell = Cell(half, mlp).digest
    flat = [(cell, "score", seed, split, t, v) for (split, seed), curve in curves.items() for t, v in curve.items()]
    names = ("cell", "probe", "seed", "split", "step", "value")
    return Rows({n: np.array(column) for n, column in zip(names, zip(*flat, strict=True), strict=True)}, {})


def test_the_delay_is_counted_in_updates_of_training_and_is_censored_where_cells_are_never_filled_in():
    train, late, never = (
        {10: 0.2, 100: 0.96, STEPS: 1.0},
        {10: 0.0, 100: 0.1, STEPS: 0.95},
        {10: 0.0, 100: 0.1, STEPS: 0.9},
    )
    (atom,) = delayed(half, mlp, 10.0).components()
    found = evaluate(
        atom.measure, rows({("train", 0): train, ("train", 1): train, ("iid", 0): late, ("iid", 1): never})
    )
    assert found.values == pytest.approx([STEPS - 1000, STEPS - 1000])
    assert found.censored is not None
    assert found.censored.tolist() == [False, True]


def test_claims_of_delay_mean_something_only_if_both_sides_are_learnt_in_the_end():
    asked = [m.text for c in delayed(half, mlp, 10.0).conditions() for m in c.measures()]
    assert asked == [f"score({half.name}, MLP, {split})" for split in ("train", "iid")]
    assert all(claim.conditions() for claim in study.claims.values())
