import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.surface import HOFFMANN, REPLICATED, loss, optimal, surface


def runs(n=120, seed=0):
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(7.6, 10.2, n)
    return sizes, np.maximum(sizes * 10 ** rng.uniform(0, 2.5, n), 1e8)


def test_the_replicated_constants_are_found_in_data_made_with_them():
    sizes, tokens = runs()
    found = surface(sizes, tokens, loss(REPLICATED, sizes, tokens), np.random.default_rng(0), resamples=2)
    assert list(found.constants) == pytest.approx(list(REPLICATED), rel=1e-6)
    assert found.at(1e9, 2e10) == pytest.approx(loss(REPLICATED, 1e9, 2e10))


def test_errors_hold_the_constants_under_noise():
    sizes, tokens = runs()
    noisy = loss(REPLICATED, sizes, tokens) * np.exp(np.random.default_rng(1).normal(0, 0.004, len(sizes)))
    found = surface(sizes, tokens, noisy, np.random.default_rng(0), resamples=40)
    off = (np.array(found.constants) - np.array(REPLICATED)) / np.array(found.errors)
    assert np.abs(off).max() < 4
    assert found.intervals().shape == (5, 2)


def test_the_optimum_is_that_of_a_search_and_the_papers():
    compute = 5.76e23
    sizes = np.geomspace(1e9, 1e12, 200_001)
    for constants in (HOFFMANN, REPLICATED):
        best = sizes[loss(constants, sizes, compute / 6 / sizes).argmin()]
        assert optimal(constants, compute)[0] == pytest.approx(best, rel=1e-3)
    size, tokens = optimal(
        REPLICATED, compute
    )  # Besiroglu et al.: about 20 tokens a parameter, as Chinchilla was trained
    assert 15 < tokens / size < 25
    size, tokens = optimal(HOFFMANN, compute)  # the constants as printed say far more
    assert tokens / size > 60


def test_runs_that_cannot_show_the_law_are_refused():
    sizes, tokens = runs(6)
    with pytest.raises(HeldoutError, match="6 runs for a law of 5 constants"):
        surface(sizes, tokens, loss(REPLICATED, sizes, tokens), np.random.default_rng(0))
    with pytest.raises(HeldoutError, match="runs at 1 different sizes"):
        surface(np.full(9, 1e8), np.geomspace(1e9, 1e10, 9), np.ones(9), np.random.default_rng(0))
