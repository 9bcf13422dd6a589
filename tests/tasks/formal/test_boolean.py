from itertools import combinations
from math import comb

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.boolean import cube, degrees, frozen, influence, places, profile, stability, walsh
from heldout.tasks.formal.pointer_value import PointerValue, Voted

RANDOM = np.random.default_rng(1).choice([-1.0, 1.0], 64)


def test_coefficients_are_mean_products_with_every_subset():
    points = cube(6)
    for size in range(7):
        for chosen in combinations(range(6), size):
            mean = (RANDOM * points[:, list(chosen)].prod(1)).mean()
            assert walsh(RANDOM)[sum(1 << place for place in chosen)] == pytest.approx(mean, abs=1e-12)


def test_the_expansion_gives_the_values_back_and_keeps_their_mean_square():
    values = np.random.default_rng(2).normal(size=32)
    points, coefficients = cube(5), walsh(values)
    products = np.array([points[:, s >> np.arange(5) & 1 == 1].prod(1) for s in range(32)])
    assert coefficients @ products == pytest.approx(values)
    assert (coefficients**2).sum() == pytest.approx((values**2).mean())


def test_influence_is_how_often_a_place_turns_the_value():
    turned = [(RANDOM[np.arange(64) ^ (1 << place)] != RANDOM).mean() for place in range(6)]
    assert influence(RANDOM) == pytest.approx(turned)
    lost = [np.square(RANDOM - frozen(RANDOM, place)).mean() / 2 for place in range(6)]
    assert lost == pytest.approx(turned)


@pytest.mark.parametrize("n", [3, 5, 9])
def test_majority_has_its_closed_forms(n):
    values = Voted(n, n).values()
    assert influence(values) == pytest.approx([comb(n - 1, (n - 1) // 2) / 2 ** (n - 1)] * n)
    for d in range(1, n + 1, 2):  # O'Donnell, theorem 5.19
        j, half = (d - 1) // 2, (n - 1) // 2
        wanted = (comb(half, j) / comb(n - 1, d - 1) * 2 / 2**n * comb(n - 1, half)) ** 2 * comb(n, d)
        assert profile(values)[d] == pytest.approx(wanted)
    assert profile(values)[::2] == pytest.approx(np.zeros((n + 1) // 2))


def test_majority_of_three_is_as_stable_as_published():
    values = Voted(3, 3).values()
    for rho in (0.0, 0.3, 0.9):
        assert stability(values, rho) == pytest.approx(0.75 * rho + 0.25 * rho**3)  # O'Donnell, section 2.4


def test_parity_is_one_product_and_loses_a_factor_per_place():
    values = Voted(7, 4, "parity").values()
    assert profile(values).tolist() == [0, 0, 0, 0, 1, 0, 0, 0]
    assert influence(values).tolist() == [1, 1, 1, 1, 0, 0, 0]
    assert stability(values, 0.6) == pytest.approx(0.6**4)


def test_stability_is_the_mean_product_at_pairs_drawn_so():
    rng, values, rho = np.random.default_rng(3), PointerValue().values(), 0.8
    n = places(values)
    first = rng.integers(0, 1 << n, 200_000)
    noise = (rng.random((len(first), n)) > (1 + rho) / 2) @ (1 << np.arange(n))
    assert (values[first] * values[first ^ noise]).mean() == pytest.approx(stability(values, rho), abs=0.01)


def test_degrees_count_places():
    assert degrees(3).tolist() == [0, 1, 1, 2, 1, 2, 2, 3]
    assert cube(2).tolist() == [[1, 1], [-1, 1], [1, -1], [-1, -1]]


def test_what_is_no_function_on_a_cube_is_said():
    with pytest.raises(HeldoutError, match=r"shape \(6,\)"):
        walsh(np.ones(6))
    with pytest.raises(HeldoutError, match="17 places"):
        cube(17)
