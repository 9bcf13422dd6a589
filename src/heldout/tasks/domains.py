"""Examples of which it is known from which training domain each comes: hospitals, cameras, styles, colours."""

from typing import Any, Protocol, runtime_checkable

from heldout.core.seeds import Key
from heldout.tasks.interfaces import Batch, Examples


@runtime_checkable
class Domains(Examples, Protocol):
    """Examples from several training domains, which learners are told apart.

    Its one train split mixes all of them; what is held out need not come from any of them.
    """

    @property
    def domains(self) -> tuple[str, ...]:
        """The names of the training domains."""
        ...

    def draw_domain(self, domain: Any, key: Key, n: int) -> Batch:
        """Draw `n` training examples of one domain, by its place in `domains` (which may be a traced number)."""
        ...


def of_each(task: Domains, key: Key, n: int) -> Batch:
    """`n` training examples of every domain: arrays (domains, n, ...)."""
    import jax

    keys = jax.random.split(key, len(task.domains))
    return jax.vmap(lambda domain, one: task.draw_domain(domain, one, n))(jax.numpy.arange(len(keys)), keys)
