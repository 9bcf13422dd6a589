import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.stats.gaps.reasoning import reasoning_gap


def test_an_item_counts_only_if_every_snapshot_is_solved():
    found = reasoning_gap([1, 1, 1, 1, 0], [[1, 1], [1, 0], [0, 0], [1, 1], [1, 1]])
    assert (found.static, found.functional) == (0.8, 0.6)
    assert found.gap.estimate == pytest.approx(0.25)


def test_who_computes_has_no_gap_and_who_remembers_loses_all():
    static = np.array([1, 0] * 20)
    computes = reasoning_gap(static, np.repeat(static[:, None], 3, axis=1))
    assert computes.gap == (0.0, 0.0, 0.0)
    assert reasoning_gap(static, np.zeros((40, 3))).gap == (1.0, 1.0, 1.0)


def test_the_interval_covers():
    rng, held, tries = np.random.default_rng(1), 0, 300
    for _ in range(tries):
        static = rng.random(80) < 0.8
        functional = static & (rng.random(80) < 0.7)  # 30% of what is solved is only remembered
        gap = reasoning_gap(static, functional[:, None], resamples=400, seed=int(rng.integers(1 << 30))).gap
        held += gap.low <= 0.3 <= gap.high
    assert held / tries > 0.95 - 3 * np.sqrt(0.95 * 0.05 / tries)
    assert held < tries


@pytest.mark.parametrize(
    ("static", "functional", "message"),
    [
        ([0, 0, 0], [[1], [1], [1]], "no static item is solved"),
        ([0, 0.5, 1], [[1], [1], [1]], "neither 0 nor 1"),
        ([0, 1], [[1], [1], [1]], "2 static items and 3"),
    ],
)
def test_what_cannot_be_compared_is_named(static, functional, message):
    with pytest.raises(HeldoutError, match=message):
        reasoning_gap(static, functional)
