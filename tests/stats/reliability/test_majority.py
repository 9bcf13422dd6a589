from itertools import combinations

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.majority import exact, simulated


def counted(right: int, wrong: list[int], k: int) -> float:
    samples = [0] * right + [i + 1 for i, w in enumerate(wrong) for _ in range(w)]
    won = []
    for drawn in combinations(samples, k):
        often = np.bincount(drawn)
        won.append((often[0] == often.max()) / (often == often.max()).sum())
    return float(np.mean(won))


@pytest.mark.parametrize("k", [1, 2, 3, 5, 6])
@pytest.mark.parametrize(("right", "wrong"), [(3, [3, 2, 1]), (4, [1] * 5), (2, [6, 1]), (5, []), (1, [2, 2, 2])])
def test_it_counts_every_draw(right, wrong, k):
    assert exact(right, wrong, k) == pytest.approx(
        counted(right, wrong, k) if k <= right + sum(wrong) else np.nan, nan_ok=True
    )


def test_many_samples_agree_with_drawing():
    rng = np.random.default_rng(0)
    found = exact(20, [18, 12, 8, 6], 32)
    assert simulated(20, [18, 12, 8, 6], 32, rng, 100_000) == pytest.approx(found, abs=4 * 0.5 / np.sqrt(100_000))


def test_too_few_samples_and_too_many():
    assert np.isnan(exact(2, [1], 4))
    assert np.isnan(simulated(2, [1], 4, np.random.default_rng(0)))
    assert exact(0, [3], 2) == 0.0
    with pytest.raises(HeldoutError, match="simulated"):
        exact(400, [400], 3)
    with pytest.raises(HeldoutError, match="negative"):
        exact(-1, [3], 2)
