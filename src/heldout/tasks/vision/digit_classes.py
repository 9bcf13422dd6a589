"""What tasks have in common that ask for the class of a digit."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.core.split import Split
from heldout.core.task import Outcomes
from heldout.tasks.interfaces import Batch, Loss


class DigitClasses(ABC):
    """One class is right. A subclass says which digits are asked about, and how they look."""

    traced: ClassVar[bool] = True
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    loss: ClassVar[Loss] = "cross entropy"

    @abstractmethod
    def asked(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """`n` different digits of a split (all, where there are no more), and their ids (n, 2)."""

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the right class."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about the digits that `asked` gives."""
        batch, item = self.asked(split, key, n)
        outputs = model(batch.inputs)
        facts = {"answer": outputs.argmax(-1), "label": batch.targets, "confidence": jax.nn.softmax(outputs).max(-1)}
        return Outcomes(item, self.grade(batch, outputs), facts)

    def oracle(self) -> None:  # noqa: B027
        """None: nobody knows what a scribble meant."""
