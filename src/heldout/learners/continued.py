"""Training that goes on from the finished model of another training."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax

from heldout.core.errors import HeldoutError
from heldout.core.trained import Trained
from heldout.learners.by_updates import ByUpdates
from heldout.learners.elsewhere import Elsewhere
from heldout.learners.supervised import State, Supervised
from heldout.models import Predictor
from heldout.tasks.interfaces import Examples


@dataclass(frozen=True)
class Continued(ByUpdates):
    """What `learner` does, from the weights of `initial` instead of first ones; its optimiser starts afresh.

    `initial` may have learnt something else of the same shape: then this is fine-tuning.
    """

    learner: Supervised | Elsewhere
    initial: Trained
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the learner and where it starts."""
        return self.label or f"{self.learner.name}, going on"

    @property
    def steps(self) -> int:
        """Updates after those of `initial`."""
        return self.learner.steps

    @property
    def source(self) -> Any:
        """The task whose train split it learns from, where that is not the cell's."""
        return getattr(self.learner, "source", None)

    def start(self, task: Any, key: jax.Array) -> State:
        """The finished model, before its first further update."""
        fresh, given = self.learner.start(task, key), self.initial
        fits = jax.tree.structure(fresh.model) == jax.tree.structure(given) and all(
            a.shape == b.shape for a, b in zip(jax.tree.leaves(fresh.model), jax.tree.leaves(given), strict=True)
        )
        if not fits:
            raise HeldoutError(
                f"{self.name} goes on from a model of another shape than {self.learner.name} has on {task.name}: "
                "give an initial of the same architecture, trained on a task of the same inputs and outputs"
            )
        optimiser = self.learner.optimiser.build(self.learner.steps).init(given)  # pyright: ignore[reportArgumentType]
        return State(fresh.step, fresh.key, given, optimiser)

    def advance(self, task: Examples, state: State, until: Any) -> State:
        """The state after further update `until`."""
        return self.learner.advance(task, state, until)

    def model(self, task: Examples, state: State) -> Predictor:
        """The model as trained so far."""
        return self.learner.model(task, state)
