import itertools

import jax
import numpy as np
import pytest

from heldout.tasks.formal.raven.rules import RULES, STEPS, draws, followed, least, matrix, ranks


def made(rule, columns, values, n=2000):
    numbers = jax.random.uniform(jax.random.key(rule + columns), (n, draws(columns)))
    return np.asarray(jax.jit(jax.vmap(lambda x: matrix(x, rule, columns, values)))(numbers))


def by_hand(rows):
    """Which rules a matrix follows, as a reader of the definitions would check it, row by row."""
    rows = [list(map(int, row)) for row in rows]
    constant = all(len(set(row)) == 1 for row in rows)
    steps = {b - a for row in rows for a, b in itertools.pairwise(row)}
    progression = len(steps) == 1 and steps <= set(STEPS)
    plus, minus = (all(sum(row[:-1]) == row[-1] for row in rows), all(sum(row[1:]) == row[0] for row in rows))
    turned = any(
        all(
            rows[i + 1] == rows[i][-by:] + rows[i][:-by] if by > 0 else rows[i + 1] == [*rows[i][1:], rows[i][0]]
            for i in (0, 1)
        )
        for by in (1, -1)
    )
    return [constant, progression, plus or minus, turned and len(set(rows[0])) == len(rows[0])]


@pytest.mark.parametrize(("columns", "values"), [(3, 10), (5, 10), (10, 40)])
def test_matrices_follow_their_rule_within_their_values(columns, values):
    for rule in range(len(RULES)):
        found = made(rule, columns, values, 300)
        assert found.min() >= 0
        assert found.max() < values
        hand = np.array([by_hand(rows) for rows in found])
        assert hand[:, rule].all()
        assert np.array_equal(np.asarray(followed(found)), hand)


def test_what_is_followed_is_what_brute_force_says_of_random_matrices():
    rows = np.random.default_rng(0).integers(0, 3, (20_000, 3, 3))
    hand = np.array([by_hand(one) for one in rows])
    assert np.array_equal(np.asarray(followed(rows)), hand)
    assert hand.any(0).all()


def test_every_step_sign_turn_and_set_comes_up():
    steps = np.unique(np.diff(made(1, 3, 10), axis=-1))
    assert steps.tolist() == list(STEPS)
    sums = made(2, 3, 10)
    share = (sums[..., :-1].sum(-1) == sums[..., -1]).all(-1).mean()
    assert 0.45 < share < 0.6  # by chance also some of the others
    total = np.maximum(sums[..., 0], sums[..., -1])
    assert total.max() == 9
    rows = made(3, 3, 5, 6000)[:, 0]
    assert len(np.unique(rows, axis=0)) == 5 * 4 * 3
    counts = np.unique(rows, axis=0, return_counts=True)[1]
    assert 60 < counts.min() <= counts.max() < 145  # 100 of each


def test_the_fewest_values_are_enough():
    assert least(5) == 9
    assert made(1, 5, 9).max() == 8


def test_ranks_are_those_of_sorting():
    numbers = np.random.default_rng(1).random((50, 8))
    assert np.array_equal(ranks(numbers), numbers.argsort(-1).argsort(-1))
