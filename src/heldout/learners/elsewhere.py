"""Training on another task than the one that is asked about."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax

from heldout.core.errors import HeldoutError
from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import Optimiser
from heldout.learners.supervised import State, Supervised
from heldout.models import Predictor
from heldout.tasks.interfaces import Examples


@dataclass(frozen=True)
class Elsewhere(ByUpdates):
    """What `learner` learns from the train split of `source`, whatever task the cell has.

    So trainings on fewer examples, or on other labels, are asked about one and the same held-out split, and all start from the
    same weights, whose key names the cell's task.
    """

    learner: Supervised
    source: Any
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the learner and where it learns."""
        return self.label or f"{self.learner.name}, trained on {self.source.name}"

    @property
    def steps(self) -> int:
        """Those of the learner."""
        return self.learner.steps

    @property
    def optimiser(self) -> Optimiser:
        """That of the learner."""
        return self.learner.optimiser

    def start(self, task: Any, key: jax.Array) -> State:
        """A model before its first update."""
        if (task.inputs, task.outputs) != (self.source.inputs, self.source.outputs):
            raise HeldoutError(
                f"{self.name}: {self.source.name} has inputs {self.source.inputs} and {self.source.outputs} outputs, "
                f"{task.name} has {task.inputs} and {task.outputs}: give a source of the same shape"
            )
        return self.learner.start(self.source, key)

    def advance(self, task: Examples, state: State, until: Any) -> State:  # noqa: ARG002
        """The state after update `until`."""
        return self.learner.advance(self.source, state, until)

    def model(self, task: Examples, state: State) -> Predictor:  # noqa: ARG002
        """The model as trained so far."""
        return self.learner.model(self.source, state)
