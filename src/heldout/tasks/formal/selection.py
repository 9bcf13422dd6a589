"""Combinatorial problems whose answer is a choice among items, as in "Tropical Attention" (2025).

A model reads the items as numbers, the question repeated beside each, and says of each whether it belongs to the answer. The order
of the items means nothing; they come sorted, so that of several best answers one is meant.

One instance in eight, told by a hash, is never trained on; all tests are made of these.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.choice import mixed, preferred
from heldout.tasks.formal.transduction import identify
from heldout.tasks.interfaces import Batch, Loss

SHARE = 8
"""One instance in so many is kept for tests."""
LARGEST = 10
"""The largest number of an item in training."""
NOISE = (10, 30)
"""What is added to a number that is disturbed (Hashemi et al., 2025)."""


@dataclass(frozen=True)
class Selection(ABC):
    """Some items to choose from: `train` of them, with numbers from 1 to 10, to train on.

    Axes: `length`, more items; `value`, numbers up to `level` times as large; `noise`, each item is shown with numbers too large
    with chance `level`, while the answer stays that of the true ones.

    The score is the F1 of the items taken, equal items being interchangeable; 1 where rightly none is taken. Subclasses say what
    is asked and which items answer it.
    """

    train: int = 8
    length: tuple[int, ...] = (16, 32)
    value: tuple[int, ...] = (2, 4)
    noise: tuple[float, ...] = (0.1, 0.3)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str]
    numbers: ClassVar[int]  # numbers of an item
    parted: ClassVar[str] = "/"  # stands between the numbers of an item where it is shown

    def __post_init__(self) -> None:
        if self.train < 4:
            raise HeldoutError(f"{self.name}: train={self.train} leaves too few instances: give at least 4 items")
        if short := [n for n in self.length if n <= self.train]:
            raise HeldoutError(f"{self.name}: length {short[0]} is not longer than the {self.train} items of training")
        if low := [x for x in self.value if x < 2]:
            raise HeldoutError(f"{self.name}: value {low[0]} does not shift: give whole numbers from 2 on")
        if odd := [p for p in self.noise if not 0.0 < p <= 1.0]:
            raise HeldoutError(f"{self.name}: noise {odd[0]:g} is no chance above 0 and up to 1")

    @abstractmethod
    def ask(self, key: jax.Array, items: jax.Array, scale: int) -> jax.Array:
        """(n,) whole numbers: what is asked about (n, length, numbers) items."""

    @abstractmethod
    def solve(self, items: jax.Array, asked: jax.Array, scale: int) -> jax.Array:
        """(length,) which of (length, numbers) items, sorted, are the answer."""

    @abstractmethod
    def shown(self, asked: Any, length: int) -> Any:
        """The question as a number of the size of the items' ones."""

    @abstractmethod
    def read(self, shown: Any, length: int) -> Any:
        """The question again, from what is shown of it."""

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and the levels of the three axes."""
        return (
            TRAIN,
            IID,
            *(Split(f"length-{n}", "length", n) for n in self.length),
            *(Split(f"value-{x}", "value", x) for x in self.value),
            *(Split(f"noise-{p:g}", "noise", p) for p in self.noise),
        )

    @property
    def bounds(self) -> tuple[float, float]:
        """An F1."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """Taking every item."""
        return taking_all(self)

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of a training input: items, their numbers and the question."""
        return (self.train, self.numbers + 1)

    @property
    def outputs(self) -> int:
        """Left or taken."""
        return 2

    @property
    def loss(self) -> Loss:
        """Cross entropy, item by item."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """`n` instances; in training what is kept for tests has weight 0, elsewhere all are different."""
        if not split.train:
            return self.lay_out(split, key, *self.different(split, key, n))
        items, asked = self._instances(split, key, n)
        batch = self.lay_out(split, key, items, asked)
        known = ~_kept(self.named(items, asked))
        return batch._replace(weights=jnp.broadcast_to(known[:, None], batch.targets.shape).astype(jnp.float32))

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """The F1 of the items whose larger output is the second."""
        taken, wanted = outputs.argmax(-1) == 1, batch.targets == 1
        items = batch.inputs[..., :-1]
        equal = (items[:, :, None] == items[:, None]).all(-1)  # where items were disturbed, equal to the eye
        both = jnp.minimum(*((equal & one[:, None]).sum(-1) for one in (taken, wanted))) / equal.sum(-1)
        marked = taken.sum(-1) + wanted.sum(-1)
        return jnp.where(marked == 0, 1.0, 2.0 * both.sum(-1) / jnp.maximum(marked, 1))

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different instances."""
        return ask(self, split, n, model, key)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Instances as they are shown, with the items that are to be taken, or `-`."""
        batch = draw(self, split, max(n, 1), key)
        inputs, targets = (np.asarray(x) for x in (batch.inputs, batch.targets))
        found = []
        for row, wanted in zip(inputs[:n], targets[:n], strict=True):
            each = [self.parted.join(f"{x * LARGEST:.0f}" for x in item) for item in row[:, :-1]]
            taken = [one for one, take in zip(each, wanted, strict=True) if take]
            found.append(Sample(f"{int(self.read(row[0, -1], len(row)))} of {' '.join(each)}", " ".join(taken) or "-"))
        return found

    def oracle(self) -> "Solver":
        """Reads the items and solves them; what is disturbed deceives it."""
        return Solver(self)

    def scale(self, split: Split) -> int:
        """How many times as large the numbers of a split may be."""
        return int(split.level or 1) if split.axis == "value" else 1

    def lay_out(self, split: Split, key: jax.Array, items: jax.Array, asked: jax.Array) -> Batch:
        """(n, length, numbers) items and (n,) questions as inputs and targets."""
        scale, length = self.scale(split), items.shape[1]
        targets = jax.vmap(lambda i, a: self.solve(i, a, scale))(items, asked)
        if split.axis == "noise":
            chance, size = jax.random.split(jax.random.fold_in(key, 1))
            hit = jax.random.bernoulli(chance, split.level or 0.0, items.shape[:2])[..., None]
            items = items + hit * jax.random.randint(size, items.shape, NOISE[0], NOISE[1] + 1)
        question = jnp.broadcast_to(self.shown(asked, length)[:, None, None], (*items.shape[:2], 1))
        return Batch(jnp.concatenate([items / LARGEST, question], -1), targets.astype(jnp.int32))

    def different(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, jax.Array]:
        """The first `n` different instances of the split among many; of training ones the first `n`, repeats and all."""
        items, asked = self._instances(split, key, max(4 * SHARE * n, 512) if not split.train else max(2 * n, 64))
        found = self.named(items, asked)
        order = preferred(found, _kept(found) != split.train, skip=not split.train)[:n]
        return items[order], asked[order]

    def _instances(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, jax.Array]:
        """(n, length, numbers) items, each instance sorted, and (n,) questions."""
        of_items, of_question = jax.random.split(key)
        length, scale = int(split.level or 0) if split.axis == "length" else self.train, self.scale(split)
        most = LARGEST * scale + 1
        code = jnp.sort(jax.random.randint(of_items, (n, length), 0, (most - 1) ** self.numbers), -1)
        places = (most - 1) ** np.arange(self.numbers - 1, -1, -1)
        items = 1 + code[..., None] // jnp.asarray(places) % (most - 1)
        return items, self.ask(of_question, items, scale)

    def named(self, items: jax.Array, asked: jax.Array) -> jax.Array:
        """(n, 2) ids."""
        flat = jnp.concatenate([items.reshape(len(items), -1), asked[:, None]], -1)
        return identify(flat, jnp.full(len(flat), flat.shape[1]))


@dataclass(frozen=True)
class Solver:
    """The model that knows the answers of a task."""

    task: Selection

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, numbers + 1) to (n, length, 2)."""
        items = jnp.round(inputs[..., :-1] * LARGEST).astype(jnp.int32)
        asked = self.task.read(inputs[:, 0, -1], inputs.shape[1])
        scale = max(1, *self.task.value)
        return jax.nn.one_hot(jax.vmap(lambda i, a: self.task.solve(i, a, scale))(items, asked).astype(jnp.int32), 2)


@eqx.filter_jit
def ask(task: Selection, split: Split, n: int, model: Any, key: jax.Array) -> Outcomes:
    """The outcomes of `n` instances; compiled once per task, split and number."""
    items, asked = task.different(split, key, n)
    batch = task.lay_out(split, key, items, asked)
    wanted = batch.targets.sum(-1)
    return Outcomes(task.named(items, asked), task.grade(batch, model(batch.inputs)), {"wanted": wanted})


@eqx.filter_jit
def draw(task: Selection, split: Split, n: int, key: jax.Array) -> Batch:
    """`n` instances to look at; compiled once per task, split and number."""
    return task.lay_out(split, key, *task.different(split, key, n))


@lru_cache(maxsize=64)
def taking_all(task: Selection) -> float:
    """The mean F1 of taking every item, by simulation."""
    with jax.ensure_compile_time_eval():
        batch = draw(task, IID, 512, jax.random.key(words("selection", task.name).low))
        return float(task.grade(batch, jnp.stack([0 * batch.targets, 1 + 0 * batch.targets], -1)).mean())


def _kept(ids: jax.Array) -> jax.Array:
    """Whether an instance is kept for tests."""
    return mixed(ids[:, 0] ^ (ids[:, 1] >> 3)) % SHARE == 0
