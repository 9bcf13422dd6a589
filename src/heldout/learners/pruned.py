"""A finished model with some of its neurons taken out."""

from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, NamedTuple

import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained
from heldout.learners.by_updates import ByUpdates
from heldout.models.quadratic import Squares


class Chosen(NamedTuple):
    """Each neuron's place in a random order, (neurons,)."""

    place: jax.Array


@dataclass(frozen=True)
class Pruned(ByUpdates):
    """The model of `initial` less a `share` of its neurons: those of lowest or highest inverse participation ratio, or any.

    Nothing is trained after it.
    """

    initial: Trained
    share: float
    which: Literal["lowest", "highest", "random"] = "lowest"
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    steps: ClassVar[int] = 0

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise HeldoutError(f"share={self.share:g} of neurons to take out: give a number from 0 to 1")
        if self.which not in ("lowest", "highest", "random"):
            raise HeldoutError(f"which={self.which!r} neurons to take out: give lowest, highest or random")

    @property
    def name(self) -> str:
        """The label, else what was taken out."""
        return self.label or f"without the {self.which} {self.share:.0%}"

    def start(self, task: Any, key: jax.Array) -> Chosen:  # noqa: ARG002
        """An order of the neurons from the seed."""
        return Chosen(jax.random.permutation(key, len(self._given.participation)))

    def advance(self, task: Any, state: Chosen, until: Any) -> Chosen:  # noqa: ARG002
        """Nothing."""
        return state

    def model(self, task: Any, state: Chosen) -> Squares:  # noqa: ARG002
        """The model without them."""
        ratios = self._given.participation
        place = {"lowest": ratios, "highest": -ratios, "random": state.place}[self.which]
        rank = jnp.argsort(jnp.argsort(place))
        return self._given.masked(rank >= round(self.share * len(rank)))

    @property
    def _given(self) -> Squares:
        """The live model that the runner put in the place of the reference."""
        if not isinstance(self.initial, Squares):
            raise HeldoutError(
                f"{self.name}: neurons are taken out of a Quadratic, and this is {type(self.initial).__name__}"
            )
        return self.initial
