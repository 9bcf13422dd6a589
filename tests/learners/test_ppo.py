from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.stats import entropy

from heldout.core import IID, HeldoutError
from heldout.learners.ppo import PPO, ActorCritic, Lesson, Path, advantages, log_probability_and_entropy, orthogonal
from heldout.tasks.control.cart_pole import CartPole

LENGTH, ENVS = 12, 5


@pytest.fixture(scope="module")
def path() -> Path:
    rng = np.random.default_rng(0)
    ended = rng.random((LENGTH, ENVS)) < 0.25
    terminal = ended & (rng.random((LENGTH, ENVS)) < 0.5)
    return Path(None, None, jnp.array(rng.normal(size=(LENGTH, ENVS))), None, jnp.array(terminal), jnp.array(ended))


def test_advantages_are_the_sum_of_discounted_surprises(path: Path) -> None:
    rng = np.random.default_rng(1)
    values, after = rng.normal(size=(2, LENGTH, ENVS))
    found = advantages(path, jnp.array(values), jnp.array(after), 0.9, 0.7)
    for env in range(ENVS):
        for t in range(LENGTH):
            total, weight = 0.0, 1.0
            for k in range(t, LENGTH):  # straight from the definition: forward, until the episode ends
                future = 0.0 if path.terminal[k, env] else 0.9 * after[k, env]
                total += weight * (float(path.reward[k, env]) + future - values[k, env])
                weight *= 0.9 * 0.7
                if path.ended[k, env]:
                    break
            assert float(found[t, env]) == pytest.approx(total, rel=1e-4, abs=1e-5)


def test_without_bootstrap_decay_advantages_are_returns_less_values(path: Path) -> None:
    # trace 1: all values but the first and the last cancel, whatever they are
    values = np.random.default_rng(2).normal(size=(LENGTH + 1, ENVS))
    never = path._replace(terminal=jnp.zeros((LENGTH, ENVS), bool), ended=jnp.zeros((LENGTH, ENVS), bool))
    found = advantages(never, jnp.array(values[:-1]), jnp.array(values[1:]), 1.0, 1.0)
    wanted = np.cumsum(np.asarray(path.reward)[::-1], 0)[::-1] + values[-1] - values[:-1]
    np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5)


def test_log_probabilities_and_entropies_against_closed_forms() -> None:
    logits = np.random.default_rng(3).normal(size=(7, 4)) * 3
    action = np.arange(7) % 4
    probability = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    logs, found = log_probability_and_entropy(jnp.array(logits), jnp.array(action))
    np.testing.assert_allclose(logs, np.log(probability[np.arange(7), action]), rtol=1e-4)
    np.testing.assert_allclose(found, entropy(probability, axis=1), rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("shape", [(4, 9), (9, 4), (6, 6)])
def test_weights_start_orthogonal(shape: tuple[int, int]) -> None:
    weight = np.asarray(orthogonal(jax.random.normal(jax.random.key(0), shape)))
    small = weight @ weight.T if shape[0] <= shape[1] else weight.T @ weight
    np.testing.assert_allclose(small, np.eye(min(shape)), atol=1e-5)


@pytest.fixture(scope="module")
def agent() -> ActorCritic:
    return ActorCritic(jax.random.key(5), 4, 2, 8)


def test_the_objective_against_numpy(agent: ActorCritic) -> None:
    learner, rng = PPO(), np.random.default_rng(4)
    seen, action = rng.normal(size=(6, 4)), rng.integers(0, 2, 6)
    old, value, advantage = rng.normal(size=6) - 0.7, rng.normal(size=6), rng.normal(size=6)
    found = learner.objective(agent, Lesson(*map(jnp.asarray, (seen, action, old, value, advantage))))
    logits, now = np.asarray(agent.logits(seen)), np.asarray(agent.values(seen))
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    a = (advantage - advantage.mean()) / advantage.std()
    ratio = p[np.arange(6), action] / np.exp(old)
    target = advantage + value
    near = value + np.clip(now - value, -0.2, 0.2)
    wanted = (
        -np.minimum(ratio * a, np.clip(ratio, 0.8, 1.2) * a)
        + 0.25 * np.maximum((now - target) ** 2, (near - target) ** 2)
        - 0.01 * entropy(p, axis=1)
    ).mean()
    assert float(found) == pytest.approx(wanted, rel=1e-4)


def test_a_few_updates_already_teach_balancing() -> None:
    """On average over eight trainings: a single one so short ends anywhere, by the last bits of this machine's arithmetic."""
    learner, task = PPO(steps=30_000, rate=3e-3), CartPole()
    states = jax.vmap(partial(learner.start, task))(jax.random.split(jax.random.key(0), 8))
    states = jax.jit(jax.vmap(partial(learner.advance, task), in_axes=(0, None)))(states, 30_000)
    after = jax.vmap(lambda s: task.trials(learner.model(task, s), IID, jax.random.key(1), 32).score.mean())(states)
    assert (states.step == 30_720).all()  # whole updates of 1,024 steps
    assert float(after.mean()) > 0.6, after


def test_the_rate_is_no_part_of_the_program() -> None:
    task, until = CartPole(), jnp.int32(10)
    learners = PPO(rate=1e-3), PPO(rate=1e-2)
    states = [learner.start(task, jax.random.key(0)) for learner in learners]
    one, other = (
        str(jax.make_jaxpr(partial(x.advance, task))(s, until)) for x, s in zip(learners, states, strict=True)
    )
    assert one == other


def test_it_goes_on_from_an_agent_that_fits_and_no_other(agent: ActorCritic) -> None:
    task = CartPole()
    state = PPO(width=8, initial=agent).start(task, jax.random.key(0))  # pyright: ignore[reportArgumentType]
    assert jax.tree.all(jax.tree.map(jnp.array_equal, state.agent, agent))
    for bad in (PPO(width=16, initial=agent), PPO(width=8, initial=jnp.zeros(3))):  # pyright: ignore[reportArgumentType]
        with pytest.raises(HeldoutError, match="goes on from a PPO agent of the same width"):
            bad.start(task, jax.random.key(0))


def test_a_split_that_is_not_for_training_is_refused() -> None:
    with pytest.raises(HeldoutError, match="no train split 'iid'"):
        PPO(split="iid").start(CartPole(), jax.random.key(0))


def test_minibatches_that_do_not_come_out_even_are_refused() -> None:
    with pytest.raises(HeldoutError, match="16 x 64 steps do not divide into 3 minibatches"):
        PPO(minibatches=3)
