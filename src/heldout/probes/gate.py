"""How far a message-passing network lets its memory in."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split


def gate(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:
    """`opening`: the mean over `n` traces, steps, nodes and units; 1 where all history is kept and 0 where none is.

    Traces are followed as the learner follows them in training. Needs a model with a `history`, such as `MessagePassingNet`.
    """
    import jax
    import jax.numpy as jnp

    from heldout.learners.reasoner import follow

    model = snapshot.model
    history = getattr(model, "history", None)
    if history is None:
        raise HeldoutError(f"{type(model).__name__} has no history to let in: take this probe on a MessagePassing")
    if history != "gated":
        return {"opening": jnp.asarray(1.0 * (history == "kept"))}
    forced = getattr(snapshot.learner, "forced", False)
    problems, states = snapshot.task.draw(split, key, n)
    return {"opening": jax.vmap(lambda p, s: follow(model, p, s, forced)[1])(problems, states).mean()}
