import numpy as np
import pytest
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.adaptive import adaptive
from heldout.stats.abilities.curve import Items


def bank(rng, n=300):
    return Items(np.exp(0.4 * rng.normal(size=n)), rng.normal(size=n), np.zeros(n))


def test_the_first_question_tells_most_and_none_is_asked_twice():
    items = bank(np.random.default_rng(0))
    found = adaptive(items, lambda _: 1.0, error=0.2, most=40)
    assert found.items[0] == items.information(0.0).argmax()
    assert len(set(found.items)) == len(found.items) <= 40


def test_abilities_are_covered_with_fewer_questions_than_at_random():
    rng = np.random.default_rng(1)
    items, held, asked = bank(rng), [], []
    for _ in range(60):
        ability = rng.normal()
        p = special.expit(items.slope * (ability - items.difficulty))
        found = adaptive(items, lambda i, p=p: float(rng.random() < p[i]), error=0.3)
        held.append(abs(found.ability - ability) < 1.96 * found.error)
        asked.append(len(found.items))
        assert found.error <= 0.3
    assert np.mean(held) > 0.87  # .95 with a Monte Carlo error of .03
    needed = (1 / 0.3**2 - 1) / items.information(np.array([0.0])).mean()
    assert np.mean(asked) < 0.6 * needed


def test_an_error_is_positive():
    with pytest.raises(HeldoutError, match="must be positive"):
        adaptive(bank(np.random.default_rng(0)), lambda _: 1.0, error=0)
