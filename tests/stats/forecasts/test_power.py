import numpy as np
import pytest
from scipy.optimize import curve_fit

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.naive import Line
from heldout.stats.forecasts.points import points
from heldout.stats.forecasts.power import Broken, Power

X = np.geomspace(1e3, 1e7, 14)


def rng(seed=0):
    return np.random.default_rng(seed)


def law(x, a, b, c):
    return a * x**-b + c


def test_a_power_law_without_noise_is_found_exactly():
    found = Power().fitted(points(X, law(X, 5, 0.3, 0.2)), 0, rng()).found
    assert found == pytest.approx({"a": 5, "b": 0.3, "c": 0.2}, rel=1e-9)


def test_a_rising_power_law_has_a_negative_exponent():
    found = Power().fitted(points(X, 2 * X**0.4), 0, rng()).found
    assert found["b"] == pytest.approx(-0.4, abs=1e-6)


def test_least_squares_agree_with_scipy_on_noisy_data():
    from heldout.stats.forecasts.fit import fitted

    y = law(X, 5, 0.3, 0.2) * np.exp(rng().normal(0, 0.02, len(X)))
    ours = fitted(Power(), points(X, y), 0, rng(), delta=np.inf).found
    theirs, _ = curve_fit(lambda x, a, b, c: np.log(law(x, a, b, c)), X, np.log(y), (5, 0.3, 0.2))
    assert list(ours.values()) == pytest.approx(theirs, rel=1e-4)


def test_one_wild_point_does_not_move_the_robust_fit():
    y = law(X, 5, 0.3, 0.2)
    y[4] *= 3
    found = Power().fitted(points(X, y), 0, rng()).found
    assert found == pytest.approx({"a": 5, "b": 0.3, "c": 0.2}, rel=0.01)


def test_without_an_offset_the_power_law_is_the_line_in_log_log():
    y = 7 * X**-0.25
    power, line = Power().fitted(points(X, y), 0, rng()), Line().fitted(points(X, y), 0, rng())
    assert line.found == pytest.approx({"a": 7, "b": 0.25})
    ahead = np.array([1e8, 1e9])
    assert power.at(ahead) == pytest.approx(7 * ahead**-0.25, rel=1e-4)
    assert line.at(ahead) == pytest.approx(7 * ahead**-0.25, rel=1e-9)


def test_a_smooth_break_is_found():
    x = np.geomspace(1e3, 1e7, 30)
    y = 0.1 + 30 * x**-0.15 * (1 + (x / 1e5) ** (1 / 0.3)) ** (-0.35 * 0.3)
    found = Broken().fitted(points(x, y), 0, rng()).found
    assert found == pytest.approx({"a": 30, "b": 0.15, "e": 0.35, "d": 1e5, "f": 0.3, "c": 0.1}, rel=1e-3)


def test_the_spread_grows_away_from_the_data_and_holds_the_noise():
    y = law(X, 5, 0.3, 0.2) * np.exp(rng(1).normal(0, 0.02, len(X)))
    spread = Power().fitted(points(X, y), 200, rng()).spread(np.array([1e5, 1e8, 1e10]))
    assert 0.01 < spread[0] < 0.04
    assert spread[0] < spread[1] < spread[2]


def test_three_scales_are_too_few():
    with pytest.raises(HeldoutError, match="3 scales for the 3 parameters of power law: it needs at least 4; fewer"):
        Power().fitted(points(X[:3], X[:3] ** -0.5), 0, rng())


def test_losses_that_are_not_positive_are_named():
    with pytest.raises(HeldoutError, match="1 of 14 scores are not positive"):
        Power().fitted(points(X, np.r_[0.0, np.ones(13)]), 0, rng())


def test_with_many_points_the_spread_is_that_of_the_bootstrap():
    from heldout.stats.forecasts import fit as module

    x = np.geomspace(1e3, 1e7, module.LARGE)
    given, ahead = points(x, law(x, 5, 0.3, 0.2) * np.exp(rng(3).normal(0, 0.05, len(x)))), np.array([1e5, 1e8])
    limiting = Power().fitted(given, 300, rng()).spread(ahead)
    fewer = points(given.x[1:], given.y[1:])
    assert limiting == pytest.approx(Power().fitted(fewer, 300, rng()).spread(ahead), rel=0.15)
