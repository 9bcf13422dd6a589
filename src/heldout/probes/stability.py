"""How much predictions in context change when one example is another (algorithmic stability; Li et al., 2023)."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split


def stability(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`k`: the mean absolute change of the prediction after `k` examples, if the first of them is replaced; `oracle.k`: of the oracle's.

    Needs a task with `replaced`: prompts, and the same with another first example of the same problem.
    """
    import jax.numpy as jnp

    from heldout.tasks.formal.episodes import asked

    task = snapshot.task
    if not hasattr(task, "replaced"):
        raise HeldoutError(
            f"task {task.name!r} cannot replace an example of a prompt, so that stability is not defined on it"
        )
    pair, found = task.replaced(split, key, n), {}
    for prefix, model in (("", snapshot.model), ("oracle.", task.oracle())):
        before, after = (asked(model(batch.inputs)) for batch in pair)
        change = jnp.abs(after - before).mean((0, 2))
        found |= {f"{prefix}{k}": change[k] for k in range(1, len(change))}
    return found
