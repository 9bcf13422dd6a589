"""Bracketed arithmetic modulo 5: how expressions are written and worked out, one symbol at a time.

An expression of length 1 is a number d, of 2 `-d`, of 3 `(d)`, of 4 `(-d)`; a longer one is `(a+b)`, `(a-b)` or `(a*b)` with the
lengths of a and b drawn at random.
"""

from typing import NamedTuple

import jax
import jax.numpy as jnp

from heldout.tasks.formal.transduction import pick

PLUS, MINUS, TIMES, OPEN, CLOSE = 5, 6, 7, 8, 9
OPERATOR = -1
"""On the stack of what is still to be written: a positive number is an expression of that length, else a symbol's negative."""


def written(numbers: jax.Array, length: jax.Array, operators: int) -> jax.Array:
    """(room,) symbols of an expression of that length, from one uniform number each; the first `operators` are used."""
    room = len(numbers)
    stack = jnp.zeros(room + 8, jnp.int32).at[0].set(length)

    def write(state: tuple[jax.Array, jax.Array], number: jax.Array) -> tuple[tuple[jax.Array, jax.Array], jax.Array]:
        stack, height = state
        top = stack[jnp.maximum(height - 1, 0)]
        symbol, rest, more = _first(top, number, operators)
        stack = jax.lax.dynamic_update_slice(stack, rest, (jnp.maximum(height - 1, 0),))
        return (stack, jnp.maximum(height - 1 + more, 0)), symbol

    return jax.lax.scan(write, (stack, jnp.int32(1)), numbers)[1]


def _first(item: jax.Array, number: jax.Array, operators: int) -> tuple[jax.Array, jax.Array, jax.Array]:
    """The first symbol of what is on top of the stack, the (4,) items of which the rest consists, and how many they are."""
    left = 1 + pick(number, jnp.maximum(item - 4, 1))
    bracketed = jnp.stack([jnp.int32(-CLOSE), item - 3 - left, jnp.int32(OPERATOR), left])
    inner = jnp.stack([jnp.int32(-CLOSE), item - 2, jnp.int32(0), jnp.int32(0)])
    alone = jnp.array([1, 0, 0, 0], jnp.int32)
    kinds = [item == OPERATOR, item < 0, item == 1, item == 2, item <= 4]
    symbol = jnp.select(kinds, [PLUS + pick(number, operators), -item, pick(number, 5), MINUS, OPEN], OPEN)
    rest = jnp.select(kinds, [alone, alone, alone, alone, inner], bracketed)
    return symbol, rest, jnp.select(kinds, [0, 0, 0, 1, 2], 4)


class Frame(NamedTuple):
    """What is known inside one pair of brackets: the value so far, the operator and the sign of what comes next."""

    value: jax.Array
    operator: jax.Array
    sign: jax.Array
    expecting: jax.Array


def value(string: jax.Array, length: jax.Array) -> jax.Array:
    """The value of an expression, modulo 5."""
    fresh = Frame(jnp.int32(0), jnp.int32(PLUS), jnp.int32(1), jnp.int32(1))
    stack = jnp.zeros((len(string) // 2 + 2, len(fresh)), jnp.int32)

    def read(
        state: tuple[jax.Array, jax.Array, Frame], at: tuple[jax.Array, jax.Array]
    ) -> tuple[tuple[jax.Array, jax.Array, Frame], None]:
        stack, depth, frame = state
        symbol, used = at
        stack = stack.at[depth].set(jnp.where(symbol == OPEN, jnp.stack(frame), stack[depth]))
        outer = Frame(*stack[jnp.maximum(depth - 1, 0)])
        kinds = [symbol < PLUS, symbol < OPEN, symbol == OPEN, symbol == CLOSE]
        nexts = [_operand(frame, symbol), _operate(frame, symbol), fresh, _operand(outer, frame.value)]
        after = Frame(*(jnp.select(kinds, [n[i] for n in nexts], frame[i]) for i in range(len(fresh))))
        deeper = depth + (symbol == OPEN) - (symbol == CLOSE)
        same = (stack, jnp.where(used, deeper, depth), jax.tree.map(lambda a, b: jnp.where(used, a, b), after, frame))
        return same, None

    used = jnp.arange(len(string)) < length
    (_, _, frame), _ = jax.lax.scan(read, (stack, jnp.int32(0), fresh), (string, used))
    return frame.value


def _operand(frame: Frame, number: jax.Array) -> Frame:
    """The frame once a number has been read."""
    signed = frame.sign * number
    results = [frame.value + signed, frame.value - signed, frame.value * signed]
    found = jnp.select([frame.operator == PLUS, frame.operator == MINUS], results[:2], results[2]) % 5
    return Frame(found, frame.operator, jnp.ones_like(frame.sign), jnp.zeros_like(frame.expecting))


def _operate(frame: Frame, symbol: jax.Array) -> Frame:
    """The frame once an operator has been read, which is a sign where a number is expected."""
    sign = jnp.where(frame.expecting, -frame.sign, 1)
    operator = jnp.where(frame.expecting, frame.operator, symbol)
    return Frame(frame.value, operator, sign, jnp.ones_like(frame.expecting))
