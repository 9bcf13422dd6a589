import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.backtest import one_step, tail
from heldout.stats.forecasts.choice import choose
from heldout.stats.forecasts.interval import predicted, width
from heldout.stats.forecasts.naive import Last, Line, Mean
from heldout.stats.forecasts.points import points
from heldout.stats.forecasts.power import Broken, Power

X = np.geomspace(1e3, 1e7, 12)


def noisy(seed=0, sd=0.01):
    return points(X, (5 * X**-0.3 + 0.2) * np.exp(np.random.default_rng(seed).normal(0, sd, len(X))))


def test_one_step_ahead_sees_only_smaller_scales():
    given = points([1, 2, 2, 4, 8], [1.0, 2.0, 4.0, 5.0, 9.0])
    found = one_step(Last(), given, np.random.default_rng(0))
    assert found.x.tolist() == [4, 8]
    assert found.predicted.tolist() == [3.0, 5.0]
    assert found.cut.tolist() == [2, 4]
    assert found.error == pytest.approx(3.0)


def test_the_tail_hides_the_top_decade_at_once():
    given = noisy()
    found = tail(Mean(), given, np.random.default_rng(0))
    assert found.x.tolist() == given.x[given.x > 1e6].tolist()
    assert np.ptp(found.predicted) == 0
    assert found.predicted[0] == pytest.approx(given.y[given.x <= 1e6].mean())
    with pytest.raises(HeldoutError, match="hide less"):
        tail(Power(), given, np.random.default_rng(0), factor=1e4)


def test_the_line_has_the_textbook_prediction_error():
    given = points(np.exp(np.arange(6.0)), np.exp([0.0, 1.1, 1.9, 3.2, 3.9, 5.1]))
    fit = Line().fitted(given, 0, np.random.default_rng(0))
    u, v = np.arange(6.0), np.log(given.y)
    slope, intercept = np.polyfit(u, v, 1)
    s = np.sqrt(((v - intercept - slope * u) ** 2).sum() / 4)
    assert fit.at(np.exp([8.0])) == pytest.approx(np.exp([intercept + 8 * slope]))
    assert fit.spread(np.exp([8.0])) == pytest.approx([s * np.sqrt(1 + 1 / 6 + (8 - 2.5) ** 2 / 17.5)])


def test_the_right_law_back_tests_best_and_laws_without_data_are_named():
    found = choose([Power(), Broken(), Line(), Last(), Mean()], noisy(), np.random.default_rng(0), least=6)
    assert found.best.law.name == "power law"
    assert [c.law.name for c in found.candidates][-1] == "mean"
    assert found.left_out[0][0] == "broken power law"
    assert found.left_out[0][1] == "only 5 scales left to test it on"


def test_where_nothing_changes_the_naive_forecast_wins():
    y = 2 + np.random.default_rng(1).normal(0, 0.1, len(X))
    found = choose([Power(), Line(), Last(), Mean()], points(X, y), np.random.default_rng(0))
    assert found.best.law.name == "mean"


def test_twenty_back_test_errors_give_the_conformal_quantile():
    given = points(np.geomspace(1, 1e6, 25), np.arange(25.0) + np.random.default_rng(0).normal(0, 1, 25))
    found = one_step(Last(), given, np.random.default_rng(0))
    made = width(found, 20, 0.95)
    sizes = np.sort(np.abs(found.standardised))
    assert len(sizes) == 23
    assert made.factor == sizes[22]
    assert made.method == "conformal over 23 back-test errors"


def test_a_law_that_fails_its_test_is_trusted_less():
    given = noisy(sd=0.002)
    power, line = (law.fitted(given, 100, np.random.default_rng(0)) for law in (Power(), Line()))
    good = width(one_step(Power(), given, np.random.default_rng(0)), power.freedom)
    bad = width(one_step(Line(), given, np.random.default_rng(0)), line.freedom)
    assert bad.factor > 1.5 * good.factor


def test_intervals_cover_a_new_score():
    """60 curves of 10 scales, 3 times further: nominally 57 hold; 50 is three Monte Carlo errors below 0.93."""
    rng, held = np.random.default_rng(5), 0
    x = np.geomspace(1e3, 1e6, 10)
    for _ in range(60):
        a, b, c = rng.uniform(2, 8), rng.uniform(0.2, 0.5), rng.uniform(0.05, 0.4)
        given = points(x, (a * x**-b + c) * np.exp(rng.normal(0, 0.01, len(x))))
        fit = Power().fitted(given, 60, rng)
        made = predicted(fit, one_step(Power(), given, rng, least=7), np.array([3e6]))
        truth = (a * 3e6**-b + c) * np.exp(rng.normal(0, 0.01))
        held += made.low[0] <= truth <= made.high[0]
    assert held >= 50


def test_of_many_scales_some_are_predicted_the_same_for_every_law():
    given = points(np.arange(1.0, 101.0), np.arange(100.0))
    last, line = (one_step(law, given, np.random.default_rng(0)) for law in (Last(), Line(log=False)))
    assert len(last) <= 24
    assert last.x[-1] == 100
    assert set(line.x) == set(last.x[last.x > 3])
    assert (last.cut == last.x - 1).all()
