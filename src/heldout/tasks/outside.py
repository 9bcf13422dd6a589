"""A task put to models from outside heldout: plain arrays in, plain arrays out."""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.answer import graded
from heldout.tasks.interfaces import Askable, Batch, Loss, Questions


@dataclass(frozen=True)
class Outside:
    """The same instances, splits and grades as those of `task`, asked of any function from arrays to arrays.

    `axes`: the shifts to ask about (all if none is named). `limit`: instances of a split at most. `finite`: there are only
    so many instances, so that all of them are asked at once.
    """

    task: Askable
    axes: tuple[str, ...] = ()
    limit: int = 1000

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    finite: ClassVar[bool] = True

    def __post_init__(self) -> None:
        known = dict.fromkeys(s.axis for s in self.task.asked if s.axis)
        for axis in self.axes:
            if axis not in known:
                raise HeldoutError(f"task {self.name!r} has no axis {axis!r}: it has {', '.join(known) or 'none'}")

    @property
    def name(self) -> str:
        """The task's own."""
        return self.task.name

    @property
    def splits(self) -> tuple[Split, ...]:
        """Those that can be put to any model, of the chosen axes."""
        return tuple(s for s in self.task.asked if s.axis is None or not self.axes or s.axis in self.axes)

    @property
    def bounds(self) -> tuple[float, float]:
        """The task's own."""
        return self.task.bounds

    @property
    def chance(self) -> float:
        """The task's own."""
        return self.task.chance

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of one input."""
        return self.task.inputs

    @property
    def outputs(self) -> int:
        """The number of classes, or of numbers to predict."""
        return self.task.outputs

    @property
    def loss(self) -> Loss:
        """What training minimises."""
        return self.task.loss

    def draw(self, split: Split, key: Any, n: int) -> Batch:
        """Examples for heldout's own learners, as the task draws them."""
        return self.task.draw(split, key, n)

    def grade(self, batch: Batch, outputs: Any) -> Any:
        """The task's own grades."""
        return self.task.grade(batch, outputs)

    def training(self, key: Words) -> Questions:
        """Everything there is to learn from."""
        return self.task.questions(next(s for s in self.splits if s.train), key, 2**31)

    def trials(self, model: Any, split: Split, key: Words, n: int) -> Outcomes:
        """Ask about instances of a split, the same ones whatever the model."""
        del key  # all seeds, and all levels of a shift, are asked about the same instances
        return graded(self.task, model, self.questions(split, words("asked"), n))

    def questions(self, split: Split, key: Words, n: int) -> Questions:
        """`n` instances of a split, and no more than the limit."""
        return self.task.questions(split, key, min(n, self.limit))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The task's own."""
        import jax

        traced = jax.random.wrap_key_data(jax.numpy.asarray(key, np.uint32)) if self.task.traced else key
        return self.task.samples(split, traced, n)

    def oracle(self) -> None:
        """None: an oracle of the task need not speak in arrays."""
