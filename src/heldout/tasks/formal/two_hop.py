"""Two random functions, one applied to what the other gives, with test sets by what the examples cover.

After "The Coverage Principle: A Framework for Understanding Compositional Generalization" (Chang et al., 2025).
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.coverage import cutoffs
from heldout.tasks.interfaces import Batch, Loss

FRAGMENT = ((0, 1),)
"""What may be exchanged: the two tokens that the first function reads."""
FEWEST, MOST = 5, 64
"""How many tokens there may be."""


@dataclass(frozen=True)
class TwoHop:
    """Give f2(f1(x, y), z) for three of so many `tokens`, where both functions are tables of random tokens.

    Of each function's pairs a share `seen` may occur in training. What is made up of such pairs is in the domain; a share `fraction`
    of it is trained on, half of the rest is `iid`. All else is parted along the axis `coverage` by its cutoff: the largest number of
    shared contexts with which the training examples still cover it (see `coverage`). `levels` are the least cutoffs of a split each;
    what has a cutoff of 0 is not covered. Most of that is not in the domain; what is not, and covered all the same, by fragments that
    only seem to do the same, is on no split. `world` numbers pairs of functions. An input is three one-hot rows, the answer is
    read at the last. Facts of an item: its `cutoff` (up to the last level), whether it is `covered`, and whether it is in the `domain`.

    With 12 tokens, `x3 y5 z8` is 7, since f1(3, 5) = 4 and f2(4, 8) = 7; `x8 y4 z0` is 3, since f1(8, 4) = 7 and f2(7, 0) = 3.
    """

    tokens: int = 16
    fraction: float = 0.5
    seen: float = 0.7
    levels: tuple[int, ...] = (0, 1, 2, 3)
    world: int = 0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not FEWEST <= self.tokens <= MOST:
            raise HeldoutError(f"tokens={self.tokens} must lie between {FEWEST} and {MOST}")
        for name, share in (("fraction", self.fraction), ("seen", self.seen)):
            if not 0.0 < share < 1.0:
                raise HeldoutError(f"{name}={share:g} must be a share between 0 and 1")
        if self.levels[:2] != (0, 1) or list(self.levels) != sorted(set(self.levels)):
            raise HeldoutError(f"levels={self.levels} must be rising and begin with 0, 1, such as (0, 1, 3)")
        empty = [name for name, rows in laid_out(self).rows.items() if not len(rows)]
        if empty:
            raise HeldoutError(
                f"{self.name}: nothing is left for {', '.join(empty)}: give other levels than {self.levels}, or another fraction"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"two hops, {self.tokens} tokens, {self.fraction:g} trained on" + (
            f", world {self.world}" if self.world else ""
        )

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per level of coverage, the farthest from what is trained on last."""
        return (TRAIN, IID, *(Split(f"coverage-{k}", "coverage", float(k)) for k in reversed(self.levels)))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Always giving the most common token."""
        return laid_out(self).chance

    @property
    def inputs(self) -> tuple[int, int]:
        """Three one-hot rows."""
        return 3, self.tokens

    @property
    def outputs(self) -> int:
        """The number of tokens."""
        return self.tokens

    @property
    def loss(self) -> Loss:
        """Cross entropy over the tokens."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` inputs of a split, with replacement."""
        rows = jnp.asarray(laid_out(self).rows[split.name])
        return self._batch(rows[jax.random.randint(key, (n,), 0, len(rows))])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output at the last position is that of the right token."""
        return (outputs[:, -1].argmax(-1) == batch.targets[:, -1]).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask `n` different inputs, or all where there are no more."""
        made = laid_out(self)
        rows = jax.random.permutation(key, jnp.asarray(made.rows[split.name]))[:n]
        batch = self._batch(rows)
        cutoff = jnp.asarray(made.cutoff)[rows]
        item = jnp.stack([rows, jnp.zeros_like(rows)], 1).astype(jnp.uint32)
        covered, domain = cutoff > 0, jnp.asarray(made.domain)[rows]
        facts = {"cutoff": cutoff, "covered": covered.astype(jnp.float32), "domain": domain.astype(jnp.float32)}
        return Outcomes(item, self.grade(batch, model(batch.inputs)), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Inputs with their answers."""
        made = laid_out(self)
        rows = np.asarray(jax.random.permutation(key, jnp.asarray(made.rows[split.name])))[:n]
        return [Sample("x{} y{} z{}".format(*made.inputs[row]), str(made.answers[row])) for row in rows]

    def oracle(self) -> "Known":
        """Knows both functions."""
        return Known(self)

    def _batch(self, rows: jax.Array) -> Batch:
        made = laid_out(self)
        read, answer = jnp.asarray(made.inputs)[rows], jnp.asarray(made.answers)[rows]
        last = jnp.array([0, 0, 1])
        shown = (read[..., None] == jnp.arange(self.tokens)).astype(jnp.float32)
        return Batch(shown, answer[:, None] * last, jnp.broadcast_to(last.astype(jnp.float32), (len(rows), 3)))


@dataclass(frozen=True, eq=False)
class World:
    """The functions (tokens, tokens), all inputs (n, 3) with answers and cutoffs (n,), and the rows of each split.

    `domain` (n,): whether both pairs of an input may occur in training.
    """

    first: np.ndarray
    second: np.ndarray
    inputs: np.ndarray
    answers: np.ndarray
    cutoff: np.ndarray
    domain: np.ndarray
    rows: dict[str, np.ndarray]

    @property
    def chance(self) -> float:
        """The share of the most common answer."""
        return float(np.bincount(self.answers).max() / len(self.answers))


@dataclass(frozen=True)
class Known:
    """The model that looks both functions up."""

    task: TwoHop

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, 3, tokens) to (n, 3, tokens), the answer at the last position."""
        made = laid_out(self.task)
        x, y, z = inputs.argmax(-1).T
        answer = jnp.asarray(made.second)[jnp.asarray(made.first)[x, y], z]
        return jnp.repeat(jax.nn.one_hot(answer, self.task.tokens)[:, None], 3, 1)


@lru_cache(maxsize=16)
def laid_out(task: TwoHop) -> World:
    """The functions and all inputs with their splits, the same in every process."""
    n, start = task.tokens, words("two hops", task.tokens, task.world)
    rng = start.split("functions").generator()
    first, second = rng.integers(0, n, (2, n, n), dtype=np.int32)
    known = [_some(start.split(which).generator(), n * n, task.seen).reshape(n, n) for which in ("first", "second")]
    inputs = np.indices((n, n, n)).reshape(3, -1).T.astype(np.int32)
    x, y, z = inputs.T
    between = first[x, y]
    answers = second[between, z]
    domain = known[0][x, y] & known[1][between, z]
    order = start.split("parted").generator().permutation(np.flatnonzero(domain))
    train, held = np.split(order, [round(task.fraction * len(order))])
    iid = held[: len(held) // 2]
    results = np.full(len(inputs), -1)
    results[train] = answers[train]
    cutoff = cutoffs(results.reshape(n, n, n), FRAGMENT, task.levels[-1]).ravel()
    left = np.setdiff1d(np.arange(len(inputs)), np.concatenate([train, iid]))
    level = np.array(task.levels)[np.searchsorted(task.levels, cutoff[left], side="right") - 1]
    rows = {"train": np.sort(train), "iid": np.sort(iid)}
    rows |= {f"coverage-{k}": left[(level == k) & (domain[left] | (k == 0))] for k in task.levels}
    return World(first, second, inputs, answers, cutoff, domain, rows)


def _some(rng: np.random.Generator, n: int, share: float) -> np.ndarray:
    """(n,) whether each belongs to a random share."""
    chosen = np.zeros(n, bool)
    chosen[rng.permutation(n)[: round(share * n)]] = True
    return chosen
