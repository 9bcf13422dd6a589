import numpy as np
import pytest

from heldout.stats.ratings.outcomes import log_likelihood, probabilities, slopes

CASES = [("half", 0.0), ("davidson", -0.4), ("rao-kupper", 0.6)]
GAPS = np.array([-2.0, -0.3, 0.0, 1.1])
COUNTS = np.array([[3.0, 2, 1, 5], [1, 0, 4, 2], [2, 2, 3, 1]])


@pytest.mark.parametrize(("ties", "tie"), CASES)
def test_probabilities_add_up_and_mirror(ties, tie) -> None:
    found = probabilities(ties, GAPS, tie)
    np.testing.assert_allclose(found.sum(axis=0), 1)
    np.testing.assert_allclose(found, probabilities(ties, -GAPS, tie)[::-1])


def test_published_forms() -> None:
    a, b, nu, kappa = np.exp(0.7), 1.0, 0.8, 1.5
    total = a + b + nu * np.sqrt(a * b)
    np.testing.assert_allclose(
        probabilities("davidson", np.array(0.7), np.log(nu)), np.array([a, nu * np.sqrt(a * b), b]) / total
    )
    tie = (kappa**2 - 1) * a * b / ((a + kappa * b) * (b + kappa * a))
    np.testing.assert_allclose(
        probabilities("rao-kupper", np.array(0.7), np.log(kappa)), [a / (a + kappa * b), tie, b / (b + kappa * a)]
    )


@pytest.mark.parametrize(("ties", "tie"), CASES)
def test_the_likelihood_is_that_of_the_probabilities(ties, tie) -> None:
    counts = COUNTS * np.array([[1.0], [float(ties != "half")], [1.0]])
    p = probabilities(ties, GAPS, tie)
    want = (counts * np.log(np.where(p > 0, p, 1))).sum(axis=0)
    np.testing.assert_allclose(log_likelihood(ties, counts, GAPS, tie), want)


@pytest.mark.parametrize(("ties", "tie"), CASES)
def test_slopes_are_those_of_the_likelihood(ties, tie) -> None:
    step = 1e-4

    def value(gap: float, more: float) -> np.ndarray:
        return log_likelihood(ties, COUNTS, GAPS + gap, tie + more)

    found = slopes(ties, COUNTS, GAPS, tie)
    np.testing.assert_allclose(found.gap, (value(step, 0) - value(-step, 0)) / (2 * step), atol=1e-5)
    np.testing.assert_allclose(found.gap2, (value(step, 0) - 2 * value(0, 0) + value(-step, 0)) / step**2, atol=1e-5)
    if ties == "half":
        return
    np.testing.assert_allclose(found.tie, (value(0, step) - value(0, -step)) / (2 * step), atol=1e-5)
    np.testing.assert_allclose(found.tie2, (value(0, step) - 2 * value(0, 0) + value(0, -step)) / step**2, atol=1e-5)
    both = value(step, step) - value(step, -step) - value(-step, step) + value(-step, -step)
    np.testing.assert_allclose(found.cross, both / (4 * step**2), atol=1e-5)


def test_a_lead_of_nothing_allows_no_tie() -> None:
    assert np.isneginf(log_likelihood("rao-kupper", COUNTS, GAPS, 0.0)).all()
