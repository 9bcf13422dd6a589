import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from statsmodels.stats.contingency_tables import mcnemar as statsmodels_mcnemar

from heldout.core.errors import HeldoutError
from heldout.stats import mcnemar

RNG = np.random.default_rng(4)


@pytest.mark.parametrize(("first", "second"), [(0, 1), (1, 7), (6, 6), (30, 14)])
def test_the_exact_test_agrees_with_statsmodels(first, second):
    theirs = statsmodels_mcnemar([[10, first], [second, 20]], exact=True).pvalue
    assert mcnemar.exact(first, second, 30 + first + second).p == pytest.approx(theirs)


def test_intervals_give_the_published_numbers():
    # airway hyper-responsiveness: 1 and 7 discordant of 21; Fagerland, Lydersen and Laake (2014), table of intervals
    estimate, low, high = mcnemar.tango(1, 7, 21)
    assert (estimate, low, high) == pytest.approx((-0.286, -0.517, -0.026), abs=5e-4)
    assert mcnemar.bonett_price(1, 7, 21)[1:] == pytest.approx((-0.508, -0.013), abs=6e-4)


def _score_by_likelihood(first, second, n, difference):
    """The score statistic with the constrained maximum likelihood found numerically."""
    rest = n - first - second

    def loss(q):
        p = q + difference
        parts = ((first, p), (second, q), (rest, 1 - p - q))
        return -sum(k * np.log(max(v, 1e-300)) for k, v in parts if k)

    low, high = max(0.0, -difference), (1 - difference) / 2
    q = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    return (first - second - n * difference) / np.sqrt(n * (2 * q + difference - difference**2))


@pytest.mark.parametrize(("first", "second", "n"), [(1, 7, 21), (5, 2, 40), (12, 11, 100), (3, 1, 9)])
def test_tangos_limits_have_a_score_of_z(first, second, n):
    _, low, high = mcnemar.tango(first, second, n)
    assert _score_by_likelihood(first, second, n, low) == pytest.approx(1.959964, abs=1e-3)
    assert _score_by_likelihood(first, second, n, high) == pytest.approx(-1.959964, abs=1e-3)


def test_tango_covers_with_few_items_and_without_discordant_ones():
    assert mcnemar.tango(0, 0, 20).low == -mcnemar.tango(0, 0, 20).high < 0
    assert mcnemar.tango(10, 0, 10)[0] == 1.0
    covered = 0
    for _ in range(600):
        kinds = RNG.multinomial(25, [0.25, 0.1, 0.65])
        _, low, high = mcnemar.tango(kinds[0], kinds[1], 25)
        covered += low <= 0.15 <= high
    assert covered >= 552  # 0.95 less 3.4 standard errors


def test_outcomes_are_counted_in_pairs():
    assert mcnemar.discordant([1, 1, 0, 0], [1, 0, 1, 0]) == (1, 1, 4)
    with pytest.raises(HeldoutError, match="cannot be paired"):
        mcnemar.discordant([1, 1], [1])
    with pytest.raises(HeldoutError, match=r"0\.3"):
        mcnemar.discordant([1, 0.3], [1, 0])
    with pytest.raises(HeldoutError, match="5 and 6 discordant items of 10"):
        mcnemar.exact(5, 6, 10)
    assert mcnemar.exact(0, 0, 5).p == 1.0
