import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.observational import capabilities, downstream, odds, trend


def world(seed=0):
    """Scores of 24 models of 3 families on 8 benchmarks that one capability explains."""
    rng = np.random.default_rng(seed)
    flops, family = np.tile(np.geomspace(1e20, 1e23, 8), 3), np.repeat(["a", "b", "c"], 8)
    ability = 0.5 * np.log(flops / 1e21) + np.repeat([0.0, 0.5, -0.5], 8)
    weights, places = rng.uniform(0.5, 1.0, 8), rng.normal(0, 0.5, 8)
    return flops, family, ability, 1 / (1 + np.exp(-(np.outer(ability, weights) * 0.8 + places)))


def test_one_capability_is_found_and_its_lines_share_their_slope():
    flops, family, ability, scores = world()
    found = capabilities(scores, 1)
    assert found.explained[0] > 0.999
    assert np.corrcoef(found.values[:, 0], ability)[0, 1] > 0.9999
    lines = trend(found.values[:, 0], flops, family, shared=True)
    assert lines.residual < 1e-9
    assert np.ptp(trend(found.values[:, 0], flops, family).slopes) < 1e-9
    assert lines.at("b", flops[8:16]) == pytest.approx(found.values[8:16, 0])
    assert found.project(scores) == pytest.approx(found.values)


def test_missing_scores_are_filled_in_from_the_others():
    _, _, _, scores = world()
    holes = scores.copy()
    holes[np.random.default_rng(1).random(scores.shape) < 0.1] = np.nan
    assert capabilities(holes, 1, rounds=2000).values == pytest.approx(capabilities(scores, 1).values, abs=1e-3)


def test_one_more_benchmark_is_forecast_from_small_models():
    flops, _, ability, scores = world()
    target = 1 / (1 + np.exp(-(0.7 * ability - 0.4)))
    small = flops < 1e22
    found = capabilities(scores[small], 1)
    line = downstream(found.values, target[small])
    assert line.at(found.project(scores[~small])) == pytest.approx(target[~small], abs=1e-6)


def test_components_are_those_of_the_covariance():
    rng = np.random.default_rng(3)
    scores = rng.uniform(0.1, 0.9, (20, 5))
    sizes = np.sort(np.linalg.eigvalsh(np.cov(odds(scores).T)))[::-1]
    assert capabilities(scores, 3).explained == pytest.approx(sizes[:3] / sizes.sum())


def test_scores_in_percent_are_refused():
    with pytest.raises(HeldoutError, match=r"bring them to 0\.\.1 first"):
        odds([50.0, 60.0])


def test_a_family_of_one_scale_has_no_slope_of_its_own():
    with pytest.raises(HeldoutError, match="one scale only"):
        trend([1.0, 2.0, 3.0], [1e20, 1e21, 1e20], ["a", "a", "b"])
