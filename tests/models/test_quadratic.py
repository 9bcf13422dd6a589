import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.quadratic import Quadratic, Squares, concentration
from heldout.tasks.formal.modular import Modular

KEY = jax.random.key(4)


def known(p, copies, rng):
    """Gromov's (2023) solution: cosines of every frequency with phases that add up, from both sides and to the answer."""
    frequency = np.tile(np.arange(1, p // 2 + 1), copies)
    one, two = rng.uniform(0, 2 * np.pi, (2, len(frequency)))
    wave = lambda phase: np.cos(2 * np.pi * np.outer(np.arange(p), frequency) / p + phase)  # noqa: E731
    return Squares(jnp.asarray(np.stack([wave(one), wave(two)])), jnp.asarray(wave(one + two).T))


def test_by_hand():
    model = Quadratic(5).build(KEY, (2, 7), 7)
    first, second = np.asarray(model.first), np.asarray(model.second)
    inputs = jax.nn.one_hot(jnp.array([[3, 6], [0, 2]]), 7)
    wanted = [((first[0, x] + first[1, y]) ** 2) @ second for x, y in ((3, 6), (0, 2))]
    assert np.asarray(model(inputs)) == pytest.approx(np.array(wanted), rel=1e-4)


def test_the_known_solution_adds_and_all_of_its_neurons_are_periodic():
    task = Modular(11)
    model = known(11, 60, np.random.default_rng(0))
    assert all((task.trials(model, split, KEY, 200).score == 1).all() for split in task.splits)
    assert np.asarray(model.participation) == pytest.approx(np.ones(300), abs=1e-4)


def test_it_still_adds_without_some_of_them_and_not_without_most():
    task, model = Modular(11), known(11, 60, np.random.default_rng(0))

    def left(share):
        keep = jnp.asarray(np.random.default_rng(1).random(300) < share, float)
        return float(task.trials(model.masked(keep), task.splits[1], KEY, 200).score.mean())

    assert left(0.7) == pytest.approx(1.0)
    assert left(0.01) < 0.5


def test_one_wave_has_1_and_waves_of_equal_power_share_it():
    t = np.arange(31)
    one = np.cos(2 * np.pi * 4 * t / 31 + 0.7) + 5.0
    three = sum(np.cos(2 * np.pi * f * t / 31 + f) for f in (1, 6, 13))
    assert np.asarray(
        concentration(jnp.stack([jnp.asarray(one), jnp.asarray(three), jnp.zeros(31)], 1))
    ) == pytest.approx(np.array([1, 1 / 3, 0]), abs=1e-5)


def test_normal_numbers_have_what_exponential_powers_have():
    found = concentration(jax.random.normal(KEY, (23, 40_000)))
    assert float(found.mean()) == pytest.approx(2 / 12, rel=0.01)


def test_inputs_of_another_shape_are_refused():
    with pytest.raises(HeldoutError, match="of shape"):
        Quadratic().build(KEY, (3, 7), 7)
