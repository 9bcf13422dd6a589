from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout.tasks.control.rollout import returns
from heldout.tasks.interfaces import Step


class Countdown:
    """Ends after as many steps as its context says, pays 1, 2, 3 ... and then spoils everything with nan."""

    def reset(self, context: Any, key: Any) -> tuple[Any, Step]:
        return (context, jnp.float32(0)), Step(context, jnp.float32(0), jnp.bool(False), jnp.bool(False))

    def step(self, world: Any, action: Any) -> tuple[Any, Step]:
        end, time = world
        time = time + 1
        reward = jnp.where(time > end, jnp.nan, time * action)
        return (end, time), Step(end, reward, time == end, jnp.bool(False))


class Remembering(NamedTuple):
    """Does 1, then 0, then 1: only what it remembers tells it which."""

    def initial(self, key: Any) -> Any:
        return jnp.int32(1)

    def __call__(self, memory: Any, step: Step, key: Any) -> tuple[Any, Any]:
        return 1 - memory, memory


def test_rewards_count_until_the_step_that_ends_the_episode_and_memory_is_carried() -> None:
    ends = jnp.array([1.0, 2.0, 5.0, 9.0])
    keys = jax.random.split(jax.random.key(0), 4)
    found = returns(Countdown(), Remembering(), ends, keys, 7)
    np.testing.assert_array_equal(found, [1, 1, 1 + 3 + 5, 1 + 3 + 5 + 7])
