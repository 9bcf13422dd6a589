"""A binary operation on finitely many elements, all pairs of them: some to learn from, the rest held out."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss


@dataclass(frozen=True, eq=False)
class Operation:
    """Pairs (n, 2) of element indices with their answers (n,), parted at `learnt`: those before it are trained on.

    `labels`: the answers as they are trained on, which differ from `answers` where they were corrupted. Only training pairs are.
    """

    pairs: np.ndarray
    answers: np.ndarray
    labels: np.ndarray
    learnt: int
    elements: int

    @property
    def chance(self) -> float:
        """The score of always giving the most common answer."""
        return float(np.bincount(self.answers).max() / len(self.answers))

    def rows(self, split: Split) -> tuple[int, int]:
        """Where the pairs of a split begin, and how many there are."""
        return (0, self.learnt) if split.train else (self.learnt, len(self.pairs) - self.learnt)

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """`n` pairs, with replacement."""
        start, size = self.rows(split)
        return self._batch(start + jnp.minimum(jax.random.uniform(key, (n,)) * size, size - 1).astype(jnp.int32))

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different pairs (all, where there are no more), graded against the labels of their split.

        Facts: `answer` as given, `label`, and `truth`, which is another where a label was corrupted.
        """
        start, size = self.rows(split)
        index = start + (jnp.arange(size) if n >= size else jax.random.permutation(key, size)[:n])
        batch = self._batch(index)
        given = model(batch.inputs).argmax(-1)
        facts = {"answer": given, "label": batch.targets, "truth": jnp.asarray(self.answers)[index]}
        pairs = jnp.asarray(self.pairs)[index].astype(jnp.uint32)
        return Outcomes(pairs, (given == batch.targets).astype(jnp.float32), facts)

    def chosen(self, split: Split, key: jax.Array, n: int) -> np.ndarray:
        """The rows of `n` different pairs to look at."""
        start, size = self.rows(split)
        return start + np.asarray(jax.random.permutation(key, size))[:n]

    def _batch(self, index: jax.Array) -> Batch:
        shown = jax.nn.one_hot(jnp.asarray(self.pairs)[index], self.elements)
        return Batch(shown, jnp.asarray(self.labels)[index])


@dataclass(frozen=True, eq=False)
class Known:
    """A model that looks the answer up, among the true ones: it knows nothing of corrupted labels."""

    table: np.ndarray

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, 2, elements) one-hot to (n, elements)."""
        index = inputs.argmax(-1)
        return jax.nn.one_hot(jnp.asarray(self.table)[index[:, 0], index[:, 1]], len(self.table))


class Tabulated(ABC):
    """A task whose instances are the pairs of an operation: some are trained on, all others are `iid`.

    The score is 1 for the right element, else 0. An input is two one-hot rows, a row for each of the pair.
    """

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    @property
    @abstractmethod
    def operation(self) -> Operation:
        """All pairs with their answers."""

    @property
    def splits(self) -> tuple[Split, ...]:
        """The pairs trained on, and all others."""
        return TRAIN, IID

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Always giving the most common answer."""
        return self.operation.chance

    @property
    def inputs(self) -> tuple[int, int]:
        """Two one-hot rows."""
        return 2, self.operation.elements

    @property
    def outputs(self) -> int:
        """The number of elements."""
        return self.operation.elements

    @property
    def loss(self) -> Loss:
        """Cross entropy over the elements."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` pairs of a split, with replacement."""
        return self.operation.draw(split, key, n)

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the label."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different pairs, or about all; see `Operation.trials`."""
        return self.operation.trials(model, split, key, n)

    def oracle(self) -> Known:
        """Knows the whole table."""
        made = self.operation
        table = np.zeros((made.elements, made.elements), np.int32)
        table[tuple(made.pairs.T)] = made.answers
        return Known(table)


def operation(name: str, pairs: np.ndarray, answers: np.ndarray, share: float, corrupted: float) -> Operation:
    """Part the pairs at random, the same way in every process, and corrupt the labels of some that are trained on.

    `name`: what the randomness is named after. `share`: of pairs to train on. `corrupted`: the share of these whose label is
    replaced by another element, uniformly. HeldoutError where a split would be empty.
    """
    learnt, elements = round(share * len(pairs)), int(max(pairs.max(), answers.max())) + 1
    if not 0 < learnt < len(pairs):
        left = "nothing to train on" if learnt <= 0 else "nothing held out"
        raise HeldoutError(f"{name}: fraction={share:g} of {len(pairs)} pairs leaves {left}: give one between 0 and 1")
    if not 0.0 <= corrupted < 1.0:
        raise HeldoutError(
            f"{name}: corrupted={corrupted:g} is no share of labels: give one from 0 up to 1, not 1 itself"
        )
    order = words("operation", name, "parted").generator().permutation(len(pairs))
    pairs, answers = pairs[order].astype(np.int32), answers[order].astype(np.int32)
    labels, rng = answers.copy(), words("operation", name, "corrupted").generator()
    wrong = rng.permutation(learnt)[: round(corrupted * learnt)]
    labels[wrong] = (labels[wrong] + rng.integers(1, elements, len(wrong))) % elements
    return Operation(pairs, answers, labels, learnt, elements)


def sample(text: str, answer: str, label: str) -> Sample:
    """A pair to look at; a corrupted label is said to be one."""
    return Sample(text, label if label == answer else f"{label} (corrupted, truly {answer})")
