"""The rules of RAVEN (Zhang et al., 2019): how one attribute runs through the rows of a matrix."""

import jax
import jax.numpy as jnp

RULES = ("constant", "progression", "arithmetic", "distribute")
STEPS = (-2, -1, 1, 2)
"""What a progression adds from panel to panel."""
ROWS = 3


def least(columns: int) -> int:
    """The smallest number of values with which rows of so many columns can follow every rule."""
    return STEPS[-1] * (columns - 1) + 1


def draws(columns: int) -> int:
    """How many uniform numbers `matrix` takes."""
    return 1 + ROWS * (2 * columns - 1)


def matrix(numbers: jax.Array, rule: jax.Array, columns: int, values: int) -> jax.Array:
    """Three rows (3, columns) of values from 0 to values - 1 that follow one rule, an index into `RULES`.

    `numbers`: (draws,) uniform in [0, 1). Constant: a row has one value. Progression: every panel adds the same step.
    Arithmetic: the last value is the sum of the others, or the first is. Distribute: every row has the same different values,
    moved by one panel from row to row.
    """
    choice, rest = numbers[0], numbers[1:].reshape(-1, ROWS)
    made = (
        jnp.tile(_whole(rest[0], values)[:, None], (1, columns)),
        _progression(rest[0], choice, columns, values),
        _arithmetic(rest, choice, columns, values),
        _distribute(rest.reshape(-1), choice, columns, values),
    )
    return sum((rule == i) * one for i, one in enumerate(made))  # pyright: ignore[reportReturnType]


def ranks(numbers: jax.Array) -> jax.Array:
    """The rank of each among different numbers along the last axis: a random order of random numbers, without sorting."""
    return (numbers[..., :, None] > numbers[..., None, :]).sum(-1)


def followed(rows: jax.Array) -> jax.Array:
    """(..., 3, columns) to (..., 4): which rules the rows follow, each row with any values that its rule allows."""
    columns = rows.shape[-1]
    steps = jnp.diff(rows, axis=-1)
    step = steps[..., :1, :1]
    constant = (steps == 0).all((-1, -2))
    progression = (steps == step).all((-1, -2)) & (step != 0)[..., 0, 0] & (abs(step) <= STEPS[-1])[..., 0, 0]
    last = (rows[..., :-1].sum(-1) == rows[..., -1]).all(-1)
    first = (rows[..., 1:].sum(-1) == rows[..., 0]).all(-1)
    moved = [(rows[..., 1:, :] == jnp.roll(rows[..., :-1, :], by, -1)).all((-1, -2)) for by in (-1, 1)]
    row = jnp.sort(rows[..., 0, :], axis=-1)
    different = (jnp.diff(row, axis=-1) > 0).all(-1) if columns > 1 else jnp.zeros(row.shape[:-1], bool)
    return jnp.stack([constant, progression, first | last, different & (moved[0] | moved[1])], -1)


def _whole(number: jax.Array, n: jax.Array | int) -> jax.Array:
    """One of 0 ... n - 1 from a uniform number in [0, 1)."""
    return jnp.minimum((number * n).astype(jnp.int32), n - 1)


def _progression(start: jax.Array, choice: jax.Array, columns: int, values: int) -> jax.Array:
    step = jnp.asarray(STEPS)[_whole(choice, len(STEPS))]
    reach = (columns - 1) * abs(step)
    lowest = _whole(start, values - reach)[:, None]
    return lowest + jnp.where(step < 0, reach, 0) + jnp.arange(columns) * step


def _arithmetic(numbers: jax.Array, sign: jax.Array, columns: int, values: int) -> jax.Array:
    """Operands are drawn one by one from what is left of a total in the upper half of the values, then shuffled."""
    left = values // 2 + _whole(numbers[0], values - values // 2)

    def take(left: jax.Array, number: jax.Array) -> tuple[jax.Array, jax.Array]:
        operand = _whole(number, left + 1)
        return left - operand, operand

    operands = jax.lax.scan(take, left, numbers[1:columns])[1]  # unrolled, it takes XLA minutes to compile
    place = ranks(numbers[columns:].T)
    shuffled = (operands.T[..., None] * (place[..., None] == jnp.arange(columns - 1))).sum(1)
    total = shuffled.sum(1, keepdims=True)
    return jnp.where(sign < 0.5, jnp.concatenate([shuffled, total], 1), jnp.concatenate([total, shuffled], 1))


def _distribute(numbers: jax.Array, turn: jax.Array, columns: int, values: int) -> jax.Array:
    places = _whole(numbers[:columns], values - jnp.arange(columns))  # of each among the values not taken before it
    first = jnp.full(columns, values)

    def take(i: jax.Array, taken: jax.Array) -> jax.Array:
        value = jax.lax.fori_loop(0, columns - 1, lambda _, v: places[i] + (taken <= v).sum(), places[i])
        return jnp.where(jnp.arange(columns) == i, value, taken)

    first = jax.lax.fori_loop(0, columns, take, first)
    return jnp.stack([jnp.where(turn < 0.5, jnp.roll(first, -by), jnp.roll(first, by)) for by in range(ROWS)])
