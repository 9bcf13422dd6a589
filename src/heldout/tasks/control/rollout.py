"""Playing episodes with a policy."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp

from heldout.core.seeds import Key
from heldout.tasks.interfaces import Control, Policy


@partial(jax.jit, static_argnums=(0, 4))
def returns(task: Control, policy: Policy, contexts: Any, keys: Key, horizon: int) -> jax.Array:
    """The sum of rewards of one episode per context: (n,), each played to its end or for `horizon` steps.

    `contexts`, `keys`: n of each, stacked. One compiled program serves all splits of a task.
    """
    return jax.vmap(partial(_episode, task, policy, horizon))(contexts, keys)


def _episode(task: Control, policy: Policy, horizon: int, context: Any, key: Key) -> jax.Array:
    begin, remember, act = jax.random.split(key, 3)

    def move(carry: Any, key: Key) -> tuple[Any, Any]:
        world, seen, memory, alive = carry
        memory, action = policy(memory, seen, key)
        world, seen = task.step(world, action)
        return (world, seen, memory, alive & ~(seen.terminal | seen.truncated)), jnp.where(alive, seen.reward, 0.0)

    start = (*task.reset(context, begin), policy.initial(remember), jnp.bool(True))
    return jax.lax.scan(move, start, jax.random.split(act, horizon))[1].sum()
