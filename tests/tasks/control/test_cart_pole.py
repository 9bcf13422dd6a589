"""The dynamics against the published equations, solved anew without our algebra; scores against a gymnasium release."""

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import IID
from heldout.tasks.control.cart_pole import HORIZON, RANDOM, CartPole, Dynamics, World

CASES = [Dynamics(), Dynamics(1.0, 0.3, 20.0), Dynamics(0.125, 1.0, 5.0), Dynamics(4.0, 0.01, 40.0)]

# gymnasium 1.4.0, CartPole-v1 with these attributes set: first state, actions, state at which the episode ended
EPISODES = [
    (
        Dynamics(),
        [0.013696169, -0.023021329, -0.045902648, -0.048347236],
        "111000000111111111",
        [0.067487100, 1.170220263, -0.230519220, -2.351691034],
    ),
    (
        Dynamics(length=1.0),
        [0.001182162, 0.045046370, -0.035584039, 0.044864945],
        "110110011011100101000",
        [0.234621873, 0.269158835, -0.217979343, -0.430592501],
    ),
    (
        Dynamics(mass=0.5),
        [-0.023838787, -0.020150886, 0.031422574, -0.040808406],
        "0000001110",
        [-0.148180332, -0.784249885, 0.218353174, 1.373123912],
    ),
    (
        Dynamics(force=20.0),
        [-0.041435083, -0.026318949, 0.030127447, 0.008216204],
        "110011101111",
        [0.139574141, 2.317739125, -0.250451611, -3.647062160],
    ),
]


class Random(NamedTuple):
    """Acts by coin."""

    def initial(self, key: Any) -> tuple[()]:
        return ()

    def __call__(self, memory: Any, step: Any, key: Any) -> tuple[Any, Any]:
        return memory, jax.random.bernoulli(key).astype(int)


def accelerations(dynamics: Dynamics, state: np.ndarray, push: float) -> np.ndarray:
    """Lagrange's equations of cart and rod as a linear system in the two accelerations, without friction.

    (M + m) x'' + m l cos(a) a'' = F + m l sin(a) a'^2;   m l cos(a) x'' + 4/3 m l^2 a'' = m g l sin(a)
    """
    (length, mass, force), (_, _, angle, spin) = dynamics, state
    matrix = [[1.0 + mass, mass * length * np.cos(angle)], [mass * length * np.cos(angle), 4 / 3 * mass * length**2]]
    right = [push * force + mass * length * np.sin(angle) * spin**2, mass * 9.8 * length * np.sin(angle)]
    return np.linalg.solve(matrix, right)


@pytest.mark.parametrize("dynamics", CASES, ids=str)
def test_every_step_follows_the_published_equations(dynamics: Dynamics) -> None:
    task, rng = CartPole(), np.random.default_rng(0)
    step = jax.jit(task.step)
    for _ in range(50):
        state = rng.uniform(-1, 1, 4) * [2.0, 2.0, 0.2, 2.0]
        action = int(rng.integers(2))
        cart, pole = accelerations(dynamics, state, 2 * action - 1)
        wanted = state + 0.02 * np.array([state[1], cart, state[3], pole])
        world, _ = step(World(dynamics, jnp.asarray(state, jnp.float32), jnp.int32(0)), action)
        np.testing.assert_allclose(world.state, wanted, rtol=2e-6, atol=2e-6)


@pytest.mark.parametrize(("dynamics", "first", "actions", "last"), EPISODES)
def test_episodes_are_those_of_gymnasium(
    dynamics: Dynamics, first: list[float], actions: str, last: list[float]
) -> None:
    step = jax.jit(CartPole().step)
    world, seen = World(dynamics, jnp.array(first), jnp.int32(0)), None
    for action in actions:
        assert seen is None or not seen.terminal
        world, seen = step(world, int(action))
    np.testing.assert_allclose(world.state, last, atol=1e-5)
    assert seen is not None
    assert seen.terminal


def test_an_episode_ends_off_the_track_or_tilted_and_is_cut_when_time_is_up() -> None:
    task = CartPole()

    def after(state: list[float], time: int) -> tuple[bool, bool]:
        _, seen = task.step(World(Dynamics(), jnp.array(state), jnp.int32(time)), 1)
        return bool(seen.terminal), bool(seen.truncated)

    still = [0.0, 0.0, 0.0, 0.0]
    assert after(still, 0) == (False, False)
    assert after([2.41, 0.0, 0.0, 0.0], 0) == (True, False)
    assert after([0.0, 0.0, -0.2100, 0.0], 0) == (True, False)
    assert after([0.0, 0.0, 0.2080, 0.0], 0) == (False, False)  # 12 degrees are 0.2094
    assert after(still, HORIZON - 1) == (False, True)
    assert after([2.41, 0.0, 0.0, 0.0], HORIZON - 1) == (True, False)


def test_a_random_policy_earns_the_anchor_and_scores_about_nothing() -> None:
    # gymnasium 1.4.0: 22.18 +- 0.08 over 20,000 episodes
    found = CartPole().trials(Random(), IID, jax.random.key(0), 4000)
    earned = np.asarray(found.facts["return"])
    assert abs(earned.mean() - RANDOM) < 4 * earned.std() / np.sqrt(len(earned))
    assert float(found.score.min()) == 0.0
    assert np.asarray(found.facts["clipped"]).sum() == (earned < RANDOM).sum()


def test_the_oracle_balances_every_pole() -> None:
    task = CartPole()
    for split in task.splits:
        assert float(task.trials(task.oracle(), split, jax.random.key(1), 16).score.min()) == 1.0, split


def test_splits_set_what_their_axis_names_and_nothing_else() -> None:
    task, key = CartPole(), jax.random.key(2)
    for split in task.splits:
        if split.axis is not None:
            found = task.context(split, key)
            assert getattr(found, split.axis) == pytest.approx(split.level)
            others = [name for name in Dynamics._fields if name != split.axis]
            assert [float(getattr(found, name)) for name in others] == pytest.approx(
                [getattr(Dynamics(), name) for name in others]
            )


def test_varied_worlds_fill_their_ranges() -> None:
    task = CartPole()
    varied = next(s for s in task.splits if s.name == "varied")
    found = jax.vmap(lambda k: task.context(varied, k))(jax.random.split(jax.random.key(3), 2000))
    for values, low, high in zip(found, *task.ranges, strict=True):
        assert low <= values.min()
        assert values.max() <= high
        assert abs(float(values.mean()) - (low + high) / 2) < 0.03 * (high - low)
