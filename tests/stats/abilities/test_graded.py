import numpy as np
import pytest
from scipy import optimize, special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import graded as module
from heldout.stats.abilities.graded import graded
from heldout.stats.abilities.prior import Prior


def drawn(systems, items, grades, seed=0):
    rng = np.random.default_rng(seed)
    ability, slope = rng.normal(size=systems), np.exp(0.4 * rng.normal(size=items))
    threshold = np.sort(rng.normal(size=(items, grades - 1)), axis=1) + np.linspace(-0.4, 0.4, grades - 1)
    above = special.expit(slope[:, None] * (ability[:, None, None] - threshold))
    return (
        (rng.random((systems, items, 1)) < above).sum(axis=-1) / (grades - 1),
        ability - ability.mean(),
        slope,
        threshold,
    )


def test_truth_is_found_with_gaps():
    values, ability, slope, threshold = drawn(80, 150, 4)
    values[np.random.default_rng(1).random(values.shape) < 0.1] = np.nan
    found = graded(values)
    assert np.std(found.ability - ability) < 0.2  # each has an error of about .15
    assert np.sqrt(np.mean(np.log(found.slope / slope) ** 2)) < 0.3
    assert np.corrcoef(found.threshold.ravel(), threshold.ravel())[0, 1] > 0.95
    assert (np.diff(found.threshold, axis=1) > 0).all()


def test_items_are_the_mode_given_the_abilities():
    values, ability, _, _ = drawn(200, 3, 3, seed=2)
    code = (values.T * 2).astype(int)
    hot = code[..., None] == np.arange(3)
    slope, threshold = np.ones(3), np.tile([-0.5, 0.5], (3, 1))
    for _ in range(200):
        slope, threshold = module._items_step(hot, ability, slope, threshold, Prior())
    centre = threshold.mean()
    for item in range(3):

        def loss(x, item=item):
            above = special.expit(np.exp(x[0]) * (ability[:, None] - x[1:]))
            p = np.stack([1 - above[:, 0], above[:, 0] - above[:, 1], above[:, 1]])
            gap = x[2] - x[1]
            if gap <= 0 or p.min() <= 0:
                return 1e9
            prior = 2 * x[0] ** 2 + ((x[1:] - centre) ** 2).sum() / 8 - np.log(gap) + gap
            return prior - np.log(p[code[item], np.arange(200)]).sum()

        best = optimize.minimize(loss, [0, -0.5, 0.5], method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-9}).x
        assert np.allclose([np.log(slope[item]), *threshold[item]], best, atol=1e-3)


def test_two_grades_are_the_logistic_model(simulate):
    from heldout.stats.abilities.logistic import fit
    from heldout.stats.abilities.responses import responses

    outcomes = simulate(60, 80).outcomes
    found, peer = graded(outcomes), fit(responses(outcomes))
    assert np.allclose(found.ability, peer.ability, atol=5e-3)
    assert np.allclose(found.threshold[:, 0], peer.items.difficulty, atol=5e-2)


def test_probabilities_add_up_and_expectations_rise():
    values, *_ = drawn(40, 10, 4)
    found = graded(values)
    assert np.allclose(found.probability([0.0, 1.0]).sum(axis=-1), 1)
    assert (found.expected(1.0) > found.expected(0.0)).all()


def test_an_item_that_all_answer_alike_is_finite():
    values, *_ = drawn(20, 10, 3)
    values[:, 0] = 1
    found = graded(values)
    assert np.isfinite(found.threshold).all()


def test_grades_must_be_few():
    with pytest.raises(HeldoutError, match="distinct values"):
        graded(np.linspace(0, 1, 40).reshape(4, 10))
    with pytest.raises(HeldoutError, match="systems x items"):
        graded(np.full((2, 2), np.nan))
