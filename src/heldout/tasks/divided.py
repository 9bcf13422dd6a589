"""Instances of the user's own, divided into those trained on, others like them, and shifted ones."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import Split
from heldout.core.task import Outcomes
from heldout.tasks.answer import graded
from heldout.tasks.interfaces import Batch, Loss, Questions
from heldout.tasks.tabular.shift import Parts


@dataclass(frozen=True, eq=False)
class Read:
    """What was read.

    `names`: the features, none of images. `inputs`: (n, features), or (n, h, w) or (n, h, w, 3) bytes of images. `targets`: (n,) class numbers or float64. `classes`: their names.
    """

    names: tuple[str, ...]
    inputs: np.ndarray
    targets: np.ndarray
    classes: tuple[str, ...]
    parts: Parts


class Divided(ABC):
    """What tasks over the user's own files have in common. A subclass says what was read, and its `limit` and `name`.

    Classes score 1 where the answer is right; numbers score 1 less the squared error in variances of the training targets,
    whose mean is R squared.
    """

    limit: int

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    finite: ClassVar[bool] = True

    @property
    @abstractmethod
    def name(self) -> str:
        """What it is called."""

    @property
    @abstractmethod
    def read(self) -> Read:
        """Everything that was read."""

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one per domain, era or tail."""
        return self.read.parts.splits

    @property
    def loss(self) -> Loss:
        """Cross entropy for classes, squared error for numbers."""
        return "cross entropy" if self.read.classes else "squared error"

    @property
    def bounds(self) -> tuple[float, float]:
        """Right or wrong; R squared has no lower end."""
        return (0.0, 1.0) if self.read.classes else (-np.inf, 1.0)

    @property
    def chance(self) -> float:
        """The share of the most frequent class in training; 0 for numbers, which is what the mean scores."""
        if not self.read.classes:
            return 0.0
        return float(np.bincount(self.read.targets[self._rows("train")]).max() / len(self._rows("train")))

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of one input."""
        return self.read.inputs.shape[1:]

    @property
    def outputs(self) -> int:
        """The number of classes; one number otherwise."""
        return max(len(self.read.classes), 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The features in the order in which a model is given them."""
        return self.read.names

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes in the order of their numbers; none for numbers."""
        return self.read.classes

    @property
    def folds(self) -> tuple[str, ...]:
        """The splits that need a model of their own, fitted without the rows that they ask about."""
        return tuple(self.read.parts.without)

    def training(self, key: Words, fold: str = "") -> Questions:  # noqa: ARG002
        """The instances to fit on; `fold`: the split whose instances must not be among them."""
        rows = self._rows("train")
        if fold:
            rows = np.setdiff1d(rows, self.read.parts.without[fold], assume_unique=True)
        return self._asked(rows)

    def by_domain(self, fold: str = "") -> tuple[Questions, ...]:
        """The same domain by domain, each instance one row of numbers; all in one where the shift has no domains.

        Domains without an instance are left out.
        """
        rows, without = self._rows("train"), self.read.parts.without
        found = [np.intersect1d(rows, mine, assume_unique=True) for name, mine in without.items() if name != fold]
        asked = [self._asked(mine) for mine in found or [rows] if len(mine)]
        return tuple(x._replace(inputs=x.inputs.reshape(len(x.inputs), -1)) for x in asked)

    def questions(self, split: Split, key: Words, n: int) -> Questions:
        """`n` instances of a split, or all."""
        rows = self._rows(split.name)
        return self._asked(rows if n >= len(rows) else key.generator().permutation(rows)[:n])

    def grade(self, batch: Batch, outputs: Any) -> np.ndarray:
        """1 or 0 for classes; 1 less the squared error in training variances for numbers."""
        if self.read.classes:
            return (np.asarray(outputs).argmax(-1) == batch.targets).astype(np.float64)
        variance = float(np.var(self.read.targets[self._rows("train")])) or 1.0
        return 1.0 - (np.asarray(outputs).reshape(len(batch.targets)) - batch.targets) ** 2 / variance

    def trials(self, model: Any, split: Split, key: Words, n: int) -> Outcomes:
        """Ask about the instances of a split, of the model that was fitted for it where there are several."""
        del key  # all seeds are asked about the same instances
        suited = model.fold(split.name) if hasattr(model, "fold") else model
        found = graded(self, suited, self.questions(split, words("asked"), min(n, self.limit)))
        if not self.read.classes and (bad := int((~np.isfinite(found.score)).sum())):
            raise HeldoutError(
                f"the model answered {bad:,} of {len(found.score):,} rows of {split.name!r} with no number: R squared has no "
                "worst score to count for them; give a number for each"
            )
        return found

    def oracle(self) -> None:  # noqa: B027
        """None."""

    def _rows(self, split: str) -> np.ndarray:
        return self.read.parts.rows[split]

    def _asked(self, rows: np.ndarray) -> Questions:
        item = np.column_stack((np.full(len(rows), words("row").low), rows)).astype(np.uint32)
        inputs = self.read.inputs[rows]
        inputs = inputs.astype(np.float32) / np.float32(255) if inputs.dtype == np.uint8 else inputs
        return Questions(item, inputs, self.read.targets[rows])
