"""Procedurally generated matrices (PGM) as attributes, in the eight regimes of generalization.

After "Measuring abstract reasoning in neural networks" (Barrett et al., 2018).
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.raven.relations import FIELDS, ORDERED, RELATIONS, holds, matrices
from heldout.tasks.formal.raven.rules import ROWS
from heldout.tasks.formal.raven.structures import REGIMES, SHIFTED, VALUES, Field, Plan, plan, told
from heldout.tasks.interfaces import Batch, Loss

CONTEXT = ROWS * ROWS - 1
HELD = 2000
"""How many puzzles every split but the train split has."""
BUMP = 0.8
"""How far the code of an ordered value spreads to its neighbours: the standard deviation of a Gaussian bump, in values."""


class Puzzles(NamedTuple):
    """`panels`: (n, 8 + answers, fields) sets of values as sums of powers of two. `target`: (n,). `meta`: (n, 12)."""

    panels: np.ndarray
    target: np.ndarray
    meta: np.ndarray


@dataclass(frozen=True)
class Regime:
    """Give the one of 2 to the power of `rules` answers that completes a 3x3 matrix of panels with so many ruled attributes.

    A panel has a set of values of every field. Ruled ones follow their relation; the others have one value, the same in all
    panels, or with `distracting` another in every context panel. Answers are the leaves of a bisection tree: each ruled
    attribute has the right set in half of them, and in the others the end of another matrix of the same relation.
    `size`: how many puzzles there are to learn from. Inputs (8 + answers, codes): a unit for each value of each field; ordered
    values also raise their neighbours' units. Every regime but the neutral one has a split of its own, on the axis of its name.

    Line types {1} {1,2} {2} / {3} {4} {3,4} / {1,5} {5} ? follow XOR: {1}. Sizes 1 3 5 / 4 6 8 / 2 4 ? progress: 6.
    """

    regime: str = "neutral"
    fields: tuple[Field, ...] = tuple(FIELDS)
    rules: int = 3
    size: int = 20_000
    distracting: bool = False

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.regime not in REGIMES:
            raise HeldoutError(f"no regime is called {self.regime!r}: there are {', '.join(REGIMES)}")
        if unknown := [f for f in self.fields if f not in FIELDS]:
            raise HeldoutError(f"no field is called {unknown[0]}: there are {', '.join(map(str, FIELDS))}")
        if not 100 <= self.size <= 200_000:
            raise HeldoutError(f"size={self.size} must lie between 100 and 200,000 puzzles")
        for split in self.splits:
            if not len(self.plan(split).structures):
                raise HeldoutError(
                    f"regime {self.regime!r} has no {self.rules} rules of {len(self.fields)} fields for {split.name!r}: "
                    "give other fields, or another number of rules"
                )

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"PGM, {self.regime}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and what the regime holds out."""
        shifted = [Split(SHIFTED[self.regime], self.regime)] if self.regime in SHIFTED else []
        return (TRAIN, IID, *shifted)

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """One of the answers."""
        return 1.0 / self.answers

    @property
    def answers(self) -> int:
        """How many there are to choose from."""
        return 2**self.rules

    @property
    def inputs(self) -> tuple[int, int]:
        """Panels, the answers last, and their codes."""
        return CONTEXT + self.answers, sum(FIELDS[f] for f in self.fields)

    @property
    def outputs(self) -> int:
        """The answers."""
        return self.answers

    @property
    def loss(self) -> Loss:
        """Cross entropy over the answers."""
        return "cross entropy"

    def plan(self, split: Split) -> Plan:
        """What puzzles of a split may be like."""
        return plan(self.regime, self.fields, self.rules, shifted=split.axis is not None)

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` puzzles of a split, with replacement."""
        return self.explained(split, key, n)[0]

    def explained(self, split: Split, key: jax.Array, n: int) -> tuple[Batch, jax.Array]:
        """The same `n` puzzles with their meta-targets (n, 12): which objects, attributes and relations their rules name."""
        made = laid_out(self)[split.name]
        rows = jax.random.randint(key, (n,), 0, len(made.target))
        return self.shown(made, rows), jnp.asarray(made.meta)[rows].astype(jnp.float32)

    def shown(self, puzzles: Puzzles, rows: jax.Array) -> Batch:
        """Some puzzles as a model sees them."""
        sets = jnp.asarray(puzzles.panels)[rows].astype(jnp.int32)
        values = (sets[..., None] >> jnp.arange(VALUES)) & 1
        return Batch(
            values.reshape(*sets.shape[:2], -1).astype(jnp.float32) @ codes(self.fields),
            jnp.asarray(puzzles.target)[rows],
        )

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the right answer."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask `n` different puzzles, or all where there are no more. Fact `relations`: how many different ones a puzzle has."""
        made = laid_out(self)[split.name]
        rows = jax.random.permutation(key, len(made.target))[:n]
        batch = self.shown(made, rows)
        place = jnp.full_like(rows, self.splits.index(split))
        item = jnp.stack([rows, place], 1).astype(jnp.uint32)
        relations = jnp.asarray(made.meta[:, -len(RELATIONS) :].sum(-1))[rows]
        return Outcomes(item, self.grade(batch, model(batch.inputs)), {"relations": relations})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Puzzles as text; values and answers count from 1."""
        made = laid_out(self)[split.name]
        rows = np.asarray(jax.random.permutation(key, len(made.target)))[:n]
        return [Sample(_text(made.panels[row], self.fields), str(made.target[row] + 1)) for row in rows]

    def oracle(self) -> "Knower":
        """Knows the relations, but not which attributes follow which."""
        return Knower(self.fields)


@dataclass(frozen=True)
class Knower:
    """The model that counts, for every answer, the attributes that then follow some relation."""

    fields: tuple[Field, ...]

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, panels, codes) to (n, answers)."""
        code = codes(self.fields)
        back = np.zeros(code.T.shape, np.float32)
        back[:, code.any(-1)] = np.linalg.inv(code[code.any(-1)])
        values = (inputs @ back > 0.5).reshape(*inputs.shape[:2], len(self.fields), VALUES)
        answers = values[:, CONTEXT:, None]
        context = jnp.broadcast_to(values[:, None, :CONTEXT], (*answers.shape[:2], CONTEXT, *answers.shape[3:]))
        whole = jnp.moveaxis(jnp.concatenate([context, answers], 2), 3, 2)
        whole = whole.reshape(*whole.shape[:3], ROWS, ROWS, VALUES)
        return jnp.stack([holds(r, whole) for r in RELATIONS]).any(0).sum(-1).astype(jnp.float32)


def codes(fields: tuple[Field, ...]) -> np.ndarray:
    """(fields * 10, codes): what each value of each field adds to a panel's code; values that a field has not add nothing."""
    made, start = np.zeros((len(fields), VALUES, sum(FIELDS[f] for f in fields)), np.float32), 0
    for i, field in enumerate(fields):
        size = FIELDS[field]
        apart = np.subtract.outer(np.arange(size), np.arange(size))
        near = np.exp(-0.5 * (apart / BUMP) ** 2) if field[1] in ORDERED else apart == 0
        made[i, :size, start : start + size] = near
        start += size
    return made.reshape(len(fields) * VALUES, -1)


@lru_cache(maxsize=16)
def laid_out(task: Regime) -> dict[str, Puzzles]:
    """All puzzles of each split, no two alike, the same in every process."""
    rng = words("regimes", repr(task)).generator()
    whole = drawn(rng, task, task.plan(TRAIN), task.size + HELD)
    made = {"train": Puzzles(*(x[: task.size] for x in whole)), "iid": Puzzles(*(x[task.size :] for x in whole))}
    for split in task.splits[2:]:
        made[split.name] = drawn(rng, task, task.plan(split), HELD)
    return made


def drawn(rng: np.random.Generator, task: Regime, allowed: Plan, n: int) -> Puzzles:
    """`n` different puzzles."""
    many = n + n // 20
    structures = allowed.structures[rng.integers(len(allowed.structures), size=many)]
    panels, order = _blank(rng, task, allowed, many), rng.random((many, task.answers)).argsort(1)
    for relation, field in np.unique(structures.reshape(-1, 2), axis=0):
        row, rule = np.nonzero((structures == (relation, field)).all(-1))
        matrix, other = _pairs(rng, RELATIONS[relation], np.flatnonzero(allowed.pools[field]), len(row))
        panels[row, :CONTEXT, field] = matrix.reshape(len(row), -1)[:, :CONTEXT]
        wrong = (order[row] >> rule[:, None]) & 1 == 1
        panels[row, CONTEXT:, field] = np.where(wrong, other[:, None], matrix[:, -1, -1, None])
    different = np.sort(np.unique(panels.reshape(many, -1), axis=0, return_index=True)[1])[:n]
    meta = told(structures[different], task.fields)
    return Puzzles(panels[different], order.argmin(1)[different].astype(np.int32), meta)


def _pairs(rng: np.random.Generator, relation: str, pool: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray]:
    """`n` matrices (n, 3, 3) of sets, and a wrong end (n,) for each: that of another matrix.

    Both are drawn until neither follows any relation with the end of the other. So the two ends are exchangeable, and answers alone
    do not tell which is right.
    """
    made = np.zeros((2, n, ROWS, ROWS, VALUES), bool)
    left = np.arange(n)
    while left.size:
        made[:, left] = [matrices(rng, relation, pool, VALUES, left.size) for _ in range(2)]
        swapped = made[:, left]
        swapped[:, :, -1, -1] = swapped[::-1, :, -1, -1]
        left = left[np.any([holds(r, swapped) for r in RELATIONS], axis=(0, 1))]
    sets = (made @ (1 << np.arange(VALUES))).astype(np.uint16)
    return sets[0], sets[1, :, -1, -1]


def _blank(rng: np.random.Generator, task: Regime, allowed: Plan, n: int) -> np.ndarray:
    """(n, panels, fields): one value of each field, everywhere the same or, where they distract, of its own in each context panel."""
    each = CONTEXT + 1 if task.distracting else 1
    value = np.where(allowed.pools, rng.random((n, each, *allowed.pools.shape)), 2.0).argmin(-1)
    place = np.minimum(np.arange(CONTEXT + task.answers), each - 1)
    return (1 << value[:, place]).astype(np.uint16)


def _text(panels: np.ndarray, fields: tuple[Field, ...]) -> str:
    """Field by field, the sets in the rows of the matrix and in the answers."""
    lines = []
    for i, (thing, attribute) in enumerate(fields):
        sets = ["{" + ",".join(str(v + 1) for v in range(VALUES) if p >> v & 1) + "}" for p in panels[:, i].tolist()]
        rows = [" ".join(sets[at : min(at + ROWS, CONTEXT)]) for at in range(0, CONTEXT, ROWS)]
        lines.append(f"{thing} {attribute}: {' / '.join(rows)} ? answers {' '.join(sets[CONTEXT:])}")
    return "\n".join(lines)
