import itertools

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.abduction import Abductive, explained, meets
from heldout.tasks.formal.raven.puzzles import Form, blurred, drawn

VALUES = 5
FORM = Form(5, 100, 2, 0.51)


def likelihoods(cells):
    """The probability of a context (8, 4) under each of eight rules, and what each expects, by going through all values.

    The evidence of a cell is the probability that it gives to the value; a rule leaves some values open, each equally likely.
    """
    chance = np.zeros((8, 40))
    for i, (value, *three) in enumerate(cells):
        for offset, p in zip((-1, 0, 1), three, strict=True):
            chance[i, int(value) + offset + 15] += p
    give = lambda i, v: chance[i, v + 15]  # noqa: E731
    span = range(-12, 20)
    seen, expected = [], []
    for step in (0, -2, -1, 1, 2):
        lines = [
            [np.prod([give(3 * r + j, v + step * j) for j in range(3 - (r == 2))]) for v in span] for r in range(3)
        ]
        seen.append(np.prod([sum(line) / VALUES for line in lines]))
        expected.append({v + 2 * step: p for v, p in zip(span, lines[2], strict=True)})
    near = range(-1, VALUES + 1)
    for sign in (1, -1):
        pairs = list(itertools.product(near, near))
        if sign == 1:
            fit = [sum(give(3 * r, a) * give(3 * r + 1, b) * give(3 * r + 2, a + b) for a, b in pairs) for r in (0, 1)]
            ends = [(a + b, give(6, a) * give(7, b)) for a, b in pairs]
        else:
            fit = [sum(give(3 * r, a + b) * give(3 * r + 1, a) * give(3 * r + 2, b) for a, b in pairs) for r in (0, 1)]
            ends = [(a - b, give(6, a) * give(7, b)) for a, b in pairs]
        seen.append(fit[0] * fit[1] / VALUES**6)
        expected.append({v: sum(p for w, p in ends if w == v) for v in span})
    for turn in (-1, 1):
        columns = [[(0, (j - 2 * turn) % 3), (1, (j - turn) % 3), (2, j)] for j in range(3)]
        fits = [[np.prod([give(3 * r + c, v) for r, c in one if (r, c) != (2, 2)]) for v in span] for one in columns]
        seen.append(np.prod([sum(f) / VALUES for f in fits]))
        expected.append(dict(zip(span, fits[2], strict=True)))
    return np.array(seen), [{v: p / (sum(e.values()) or 1) for v, p in e.items()} for e in expected]


@pytest.mark.parametrize("certainty", [1.0, 0.6])
def test_evidence_and_expectations_are_those_of_going_through_all_values(certainty):
    form = Form(3, VALUES, 0, certainty)
    puzzles = jax.jit(lambda: drawn(jax.random.key(0), 4, form))()
    shown = np.asarray(blurred(jax.random.key(1), puzzles.panels, form))
    run = jax.jit(lambda cells: explained(cells, jnp.log(float(VALUES))))
    for cells in shown[:, :8].swapaxes(1, 2).reshape(-1, 8, 4):
        seen, expected = run(jnp.asarray(cells))
        by_hand, foretold = likelihoods(cells)
        assert np.exp(seen) == pytest.approx(by_hand, rel=1e-4, abs=1e-12)
        for (start, chances), hand in zip(expected, foretold, strict=True):
            given = {int(start) + i: float(p) for i, p in enumerate(chances) if p > 1e-7}
            assert given == pytest.approx({v: p for v, p in hand.items() if p > 1e-7}, rel=1e-3)


def test_two_distributions_meet_in_the_values_that_they_share():
    one, other = (jnp.array(2.0), jnp.array([0.5, 0.3, 0.2])), (jnp.array(3.0), jnp.array([0.1, 0.9]))
    assert meets(one, other) == pytest.approx(0.3 * 0.1 + 0.2 * 0.9)


def test_an_attribute_without_a_rule_does_not_count():
    model = Abductive().build(jax.random.key(0), (16, 3, 4), 8)
    plain = lambda values: jnp.stack([jnp.asarray(values, jnp.float32), *jnp.eye(3)[1][:, None] * jnp.ones(16)], -1)  # noqa: E731
    noise = plain([7, 1, 4, 2, 8, 6, 0, 9, 1, 2, 3, 4, 5, 6, 7, 8])
    found = np.asarray(model.attribute(noise))
    assert np.ptp(found) < 0.05
    line = plain([1, 1, 1, 4, 4, 4, 2, 2, 5, 2, 5, 2, 5, 2, 5, 2])
    found = np.exp(np.asarray(model.attribute(line)))
    assert found[1::2] == pytest.approx(1.0, abs=0.02)
    assert found[::2] == pytest.approx(0.0, abs=0.02)


def test_it_solves_long_wide_uncertain_puzzles_before_any_training():
    puzzles = jax.jit(lambda: drawn(jax.random.key(2), 60, FORM))()
    model = Abductive().build(jax.random.key(0), (16, 3, 4), 8)
    answers = eqx.filter_jit(model)(blurred(jax.random.key(3), puzzles.panels, FORM)).argmax(-1)
    assert (answers == puzzles.target).mean() > 0.9
