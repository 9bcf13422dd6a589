"""I-RAVEN and I-RAVEN-X: complete a matrix of panels, each a few attributes, by one of eight answers.

After "Can Large Reasoning Models do Analogical Reasoning under Perceptual Uncertainty?" (Camposampiero et al., 2025).
"""

import math
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.choice import mixed, preferred
from heldout.tasks.formal.raven.bisection import ANSWERS, ATTRIBUTES, leaves
from heldout.tasks.formal.raven.panels import picture
from heldout.tasks.formal.raven.rules import ROWS, RULES, draws, followed, least, matrix
from heldout.tasks.formal.raven.text import question
from heldout.tasks.interfaces import Batch, Loss

SHARE = 8
"""One puzzle in so many, told by a hash, is kept from training."""
TRIES = 3
"""How often a pair of matrices with different answers is looked for; a pair fails about once in nine."""


class Form(NamedTuple):
    """What puzzles of a split are like; `certainty`: the least probability of an attribute's true value."""

    columns: int
    values: int
    confounders: int = 0
    certainty: float = 1.0


class Puzzles(NamedTuple):
    """`panels`: (n, 3 * columns - 1 + 8, attributes) values, the answers last. `target`: (n,). `rules`: (n, 3)."""

    panels: jax.Array
    target: jax.Array
    rules: jax.Array


@dataclass(frozen=True)
class Raven:
    """Give the one of eight answers that completes a matrix of three rows, whose three attributes follow a rule each.

    Type is constant, progresses or is distributed; size and colour may also follow arithmetic. Training: rows of `columns`
    panels, values 0 to values - 1. Axes: `length` (columns), `range` (values), `confounders` (so many more attributes, random in
    every panel), `certainty` (an attribute's value has a probability from level to 1, its neighbours the rest) and `together`.
    Inputs (panels, attributes, 4): the value, and the probabilities of the value before it, of itself and of the next.

    Sizes (1 1 1 / 5 5 5 / 7 7 ?) are constant: 7. Colours (2 3 5 / 1 6 7 / 4 0 ?) follow arithmetic: 4.
    """

    columns: int = 3
    values: int = 10
    length: tuple[int, ...] = (4, 5)
    range: tuple[int, ...] = (100, 1000)
    confounders: tuple[int, ...] = (3, 10)
    certainty: tuple[float, ...] = (0.7, 0.51)
    together: Form = Form(10, 1000, 10, 0.51)  # noqa: RUF009 - frozen

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str] = "Raven's matrices"

    def __post_init__(self) -> None:
        for split in self.splits:
            form = self.form(split)
            if form.columns < 3 or not least(form.columns) <= form.values <= 1000:
                raise HeldoutError(
                    f"{split.name}: rows of {form.columns} panels need at least 3 of them, and {least(form.columns)} to 1000 "
                    f"values, not {form.values}"
                )
            if not 0.5 < form.certainty <= 1.0 or form.confounders < 0:
                raise HeldoutError(
                    f"{split.name}: certainty={form.certainty:g} must lie above 0.5, confounders={form.confounders} not below 0"
                )

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per level."""
        shifted = [Split(f"{n} columns", "length", n) for n in self.length]
        shifted += [Split(f"{n} values", "range", n) for n in self.range]
        shifted += [Split(f"{n} confounders", "confounders", n) for n in self.confounders]
        shifted += [Split(f"certainty {p:g}", "certainty", p) for p in self.certainty]
        return (TRAIN, IID, *shifted, Split("all of it", "together"))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """One answer in eight."""
        return 1.0 / ANSWERS

    @property
    def inputs(self) -> tuple[int, int, int]:
        """The shape of a training puzzle."""
        return ROWS * self.columns - 1 + ANSWERS, ATTRIBUTES, 4

    @property
    def outputs(self) -> int:
        """Eight answers."""
        return ANSWERS

    @property
    def loss(self) -> Loss:
        """Cross entropy over the answers."""
        return "cross entropy"

    def form(self, split: Split) -> Form:
        """What puzzles of a split are like."""
        plain = Form(self.columns, self.values)
        if split.axis == "together":
            return self.together
        if split.axis is None or split.level is None:
            return plain
        if split.axis == "certainty":
            return plain._replace(certainty=split.level)
        field = {"length": "columns", "range": "values", "confounders": "confounders"}[split.axis]
        return plain._replace(**{field: int(split.level)})

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` puzzles; in training those that are kept for other splits have weight 0."""
        if not split.train:
            puzzles, _, seen = _made(self, split, n, key)
            return Batch(seen, puzzles.target)
        form = self.form(split)
        puzzles = drawn(key, n, form)
        weights = jnp.where(_kept(identify(puzzles)), 0.0, 1.0)
        return Batch(blurred(key, puzzles.panels, form), puzzles.target, weights)

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the right answer."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` puzzles. Fact `arithmetic`: how many attributes follow arithmetic."""
        puzzles, ids, seen = _made(self, split, n, key)
        score = self.grade(Batch(seen, puzzles.target), _asked(model, seen))
        return Outcomes(ids, score, {"arithmetic": (puzzles.rules == RULES.index("arithmetic")).sum(-1)})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Puzzles as text and picture; answers count from 1."""
        puzzles, _, seen = _made(self, split, n, key)
        values, form = np.asarray(seen), self.form(split)
        return [
            Sample(question(x, form.columns), str(t + 1), picture(x, form.columns, form.values))
            for x, t in zip(values, np.asarray(puzzles.target), strict=True)
        ]

    def oracle(self) -> "Knower":
        """Knows the rules, and which attributes follow them."""
        return Knower()

    def different(self, split: Split, key: jax.Array, n: int) -> tuple[Puzzles, jax.Array, jax.Array]:
        """Puzzles that differ, their ids and inputs; those of the training shape are of the split's own share of puzzles."""
        form = self.form(split)
        alike = (form.columns, form.values) == (self.columns, self.values)
        many = max((2 if split.train else 3 * SHARE // 2) * n, 128) if alike else n
        one, two = jax.random.split(key)
        puzzles = drawn(one, many, form)
        ids = identify(puzzles)
        order = preferred(ids, (_kept(ids) != split.train) | (not alike), skip=True)[:n]
        puzzles = Puzzles(*(x[order] for x in puzzles))
        return puzzles, ids[order], blurred(two, puzzles.panels, form)


@dataclass(frozen=True)
class Knower:
    """The model that counts, for every answer, the attributes in which it lets a rule be followed."""

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, panels, attributes, 4) to (n, 8)."""
        values = inputs[:, :, :ATTRIBUTES, 0].astype(jnp.int32)
        context, answers = values[:, :-ANSWERS], values[:, -ANSWERS:]
        whole = jnp.concatenate(
            [jnp.broadcast_to(context[:, None], (len(values), ANSWERS, *context.shape[1:])), answers[:, :, None]], 2
        )
        rows = jnp.moveaxis(whole, -1, 2).reshape(len(values), ANSWERS, ATTRIBUTES, ROWS, -1)
        return followed(rows).any(-1).sum(-1).astype(jnp.float32)


def drawn(key: jax.Array, n: int, form: Form) -> Puzzles:
    """`n` puzzles, from two draws of numbers: each further one would add to compiling."""
    one, two = jax.random.split(key)
    size = TRIES * 2 * ATTRIBUTES * (1 + draws(form.columns)) + ANSWERS
    made = jax.vmap(partial(puzzle, form=form))(uniform(one, (n, size)))
    extra = uniform(two, (n, made.panels.shape[1], form.confounders)) * form.values
    return made._replace(panels=jnp.concatenate([made.panels, extra.astype(jnp.int32)], 2))


def puzzle(numbers: jax.Array, form: Form) -> Puzzles:
    """One puzzle from uniform numbers, without the leading axis and without confounders.

    The wrong value of an attribute is the answer of another matrix, drawn in the same way; both are drawn until the two differ.
    So the two values are exchangeable, and the answers alone tell nothing about which is right.
    """
    places, each = numbers[:ANSWERS], numbers[ANSWERS:].reshape(TRIES, 2, ATTRIBUTES, -1)
    kinds = jnp.asarray([len(RULES) - 1, len(RULES), len(RULES)])
    rules = jnp.minimum((each[..., 0] * kinds).astype(jnp.int32), kinds - 1)
    rules = jnp.where((jnp.arange(ATTRIBUTES) == 0) & (rules == 2), 3, rules)  # type knows no arithmetic
    draw = jax.vmap(jax.vmap(jax.vmap(lambda x, rule: matrix(x, rule, form.columns, form.values))))
    matrices = draw(each[..., 1:], rules)  # (tries, 2, attributes, 3, columns)
    chosen, ends, rule = matrices[-1, 0], matrices[-1, :, :, -1, -1], rules[-1, 0]
    for i in reversed(range(TRIES - 1)):
        pair = matrices[i, :, :, -1, -1]
        differ = pair[0] != pair[1]
        chosen = jnp.where(differ[:, None, None], matrices[i, 0], chosen)
        ends, rule = jnp.where(differ, pair, ends), jnp.where(differ, rules[i, 0], rule)
    other = jnp.where(ends[0] == ends[1], (ends[1] + 1) % form.values, ends[1])
    answers, target = leaves(places, ends[0], other)
    return Puzzles(jnp.concatenate([chosen.reshape(ATTRIBUTES, -1)[:, :-1].T, answers]), target, rule)


def blurred(key: jax.Array, panels: jax.Array, form: Form) -> jax.Array:
    """(n, panels, attributes) values with the probabilities of the value before, of itself and of the next: (..., 4)."""
    values = panels.astype(jnp.float32)
    if form.certainty == 1.0:
        return jnp.stack([values, jnp.zeros_like(values), jnp.ones_like(values), jnp.zeros_like(values)], -1)
    numbers = uniform(jax.random.fold_in(key, 2), (2, *panels.shape))
    sure = form.certainty + (1.0 - form.certainty) * numbers[0]
    share = jnp.where(panels == 0, 0.0, jnp.where(panels == form.values - 1, 1.0, numbers[1]))
    return jnp.stack([values, (1.0 - sure) * share, sure, (1.0 - sure) * (1.0 - share)], -1)


def uniform(key: jax.Array, shape: tuple[int, ...]) -> jax.Array:
    """Numbers in [0, 1), drawn in one row: drawn in their shape, they would take XLA some twenty times as long to compile."""
    return jax.random.uniform(key, (math.prod(shape),)).reshape(shape)


def identify(puzzles: Puzzles) -> jax.Array:
    """(n, 2) uint32 ids: equal for equal puzzles, whatever their confounders."""
    shown = puzzles.panels[..., :ATTRIBUTES].reshape(len(puzzles.target), -1).astype(jnp.uint32) + 1
    weights = jnp.asarray(np.random.default_rng(2019).integers(0, 2**32, (shown.shape[1], 2)), jnp.uint32)
    return mixed((shown[..., None] * weights).sum(1, dtype=jnp.uint32))


@partial(jax.jit, static_argnums=(0, 1, 2))
def _made(task: Raven, split: Split, n: int, key: jax.Array) -> tuple[Puzzles, jax.Array, jax.Array]:
    """Compiled once per split and number, whoever is asked."""
    return task.different(split, key, n)


@eqx.filter_jit
def _asked(model: Any, seen: jax.Array) -> jax.Array:
    return model(seen)


def _kept(ids: jax.Array) -> jax.Array:
    """Whether a puzzle of the training shape is kept from training."""
    return mixed(ids[:, 0] ^ (ids[:, 1] >> 3)) % SHARE == 0
