"""Probabilistic abduction on Raven's matrices: find the rule behind each attribute, carry it out, compare with the answers.

After PrAE (Zhang et al., 2021) and ARLC (Camposampiero et al., 2024): no rule is decided on, all are weighed by what is seen.
"""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

ANSWERS, ROWS = 8, 3
STEPS = (-2, -1, 1, 2)
FLOOR = 1e-6
"""The least probability of an answer's value, so that one surprise does not outweigh everything."""

Cell = tuple[jax.Array, jax.Array]
"""A distribution over neighbouring values: the first of them (...), and their probabilities (..., values)."""


class Abduction(eqx.Module):
    """Weighs rules by how well they explain what is seen and by `weights` (10,), which are all that is learnt.

    These are for constant, four progressions, two sums, two distributions, and last, that there is no rule.
    """

    weights: jax.Array

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Values with the probabilities of their neighbours (n, panels, attributes, 4) to log probabilities (n, 8)."""
        by_attribute = jnp.moveaxis(inputs, 2, 1)
        return jax.vmap(jax.vmap(self.attribute))(by_attribute).sum(1)

    def attribute(self, cells: jax.Array) -> jax.Array:
        """One attribute (panels, 4) to the log probability that each answer (8,) has its value there."""
        context, answers = cells[:-ANSWERS], cells[-ANSWERS:]
        size = jnp.log(context[:, 0].max() + 1.0)
        seen, expected = explained(context, size)
        posterior = jax.nn.softmax(jax.nn.log_softmax(self.weights) + jnp.append(seen, -size * len(context)))
        fits = jnp.stack([meets((start, chances), _cell(answers)) for start, chances in expected])
        fits = jnp.concatenate([fits, jnp.full((1, ANSWERS), jnp.exp(-size))])
        return jnp.log(posterior @ fits + FLOOR)


@dataclass(frozen=True)
class Abductive:
    """Weighs rules by what is seen; begins with equal weights."""

    @property
    def name(self) -> str:
        """The name in tables."""
        return "abduction"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Abduction:  # noqa: ARG002
        """A model that has learnt nothing about how likely rules are; it takes rows of any length and any attributes."""
        return Abduction(jnp.zeros(1 + len(STEPS) + 2 + 2 + 1))


def explained(context: jax.Array, size: jax.Array) -> tuple[jax.Array, list[Cell]]:
    """How probable the context (3 * columns - 1, 4) is under each of eight rules, as logarithms (8,), and what each expects next.

    `size`: the logarithm of the number of values; each value that a rule leaves open has a probability of 1 / values.
    """
    columns = (len(context) + 1) // ROWS
    start, chances = _cell(context)
    rows = [(start[i * columns : (i + 1) * columns], chances[i * columns : (i + 1) * columns]) for i in range(ROWS)]
    last = rows[-1]
    found: list[tuple[jax.Array, Cell]] = []
    for step in (0, *STEPS):
        lined = [_shared(s - step * jnp.arange(len(s)), p) for s, p in rows]
        first, shared = lined[-1]
        seen = sum((jnp.log(p.sum()) - size for _, p in lined), jnp.zeros(()))
        found.append((seen, (first + step * (columns - 1), _normal(shared))))
    free = -size * (columns - 1) * ROWS
    sums = [_total(s[:-1], p[:-1]) for s, p in rows[:-1]]
    ends = [meets(total, (s[-1], p[-1])) for total, (s, p) in zip(sums, rows[:-1], strict=True)]
    found.append((jnp.log(jnp.stack(ends)).sum() + free, _total(*last)))
    sums = [_total(s[1:], p[1:]) for s, p in rows[:-1]]
    ends = [meets(total, (s[0], p[0])) for total, (s, p) in zip(sums, rows[:-1], strict=True)]
    rest = _total(jnp.append(last[0][:1], -last[0][1:] - 2), jnp.concatenate([last[1][:1], last[1][1:, ::-1]]))
    found.append((jnp.log(jnp.stack(ends)).sum() + free, rest))
    found += [_turned(rows, turn, size) for turn in (-1, 1)]
    return jnp.stack([seen for seen, _ in found]), [expected for _, expected in found]


def meets(one: Cell, other: Cell) -> jax.Array:
    """The probability that two distributions, (...) of each or one of either, give the same value."""
    (start, p), (begin, q) = one, other
    at = start[..., None] + jnp.arange(p.shape[-1])
    to = begin[..., None] + jnp.arange(q.shape[-1])
    return ((at[..., :, None] == to[..., None, :]) * p[..., :, None] * q[..., None, :]).sum((-1, -2))


def _cell(cells: jax.Array) -> Cell:
    return cells[..., 0] - 1.0, cells[..., 1:]


def _normal(chances: jax.Array) -> jax.Array:
    return chances / jnp.maximum(chances.sum(), 1e-30)


def _shared(start: jax.Array, chances: jax.Array) -> Cell:
    """The product of distributions, (k,) starts and (k, 3) probabilities, where the first of them has any."""
    values = start[0] + jnp.arange(chances.shape[1])
    each = ((start[:, None] + jnp.arange(chances.shape[1]))[:, None, :] == values[:, None]) * chances[:, None, :]
    return start[0], each.sum(-1).prod(0)


def _total(start: jax.Array, chances: jax.Array) -> Cell:
    """The distribution of the sum of independent values."""
    total = chances[0]
    for other in chances[1:]:
        total = jnp.convolve(total, other)
    return start.sum(), total


def _turned(rows: list[Cell], turn: int, size: jax.Array) -> tuple[jax.Array, Cell]:
    """Every row is the one before, moved by one panel; the last panel of the third row is that of the others it comes from."""
    columns = len(rows[0][0])
    moved = [
        (jnp.roll(s, turn * (ROWS - 1 - i), 0), jnp.roll(p, turn * (ROWS - 1 - i), 0)) for i, (s, p) in enumerate(rows)
    ]
    whole = [(s[:-1], p[:-1]) for s, p in moved[:-1]] + [moved[-1]]
    _, shared = jax.vmap(_shared, in_axes=1)(jnp.stack([s for s, _ in whole]), jnp.stack([p for _, p in whole]))
    first, end = _shared(jnp.stack([s[-1] for s, _ in moved[:-1]]), jnp.stack([p[-1] for _, p in moved[:-1]]))
    seen = jnp.log(shared.sum(-1)).sum() + jnp.log(end.sum()) - size * columns
    return seen, (first, _normal(end))
