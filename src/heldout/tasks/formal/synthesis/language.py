"""What a small programming language is made of: functions on arrays, one per line, sorted into three concepts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

ABSENT, BROKEN = -1, -2
"""What stands beyond the end of a value, and everywhere in the value of a line that cannot be run."""


class Function(NamedTuple):
    """What one line may say: an operation with its argument, which belongs to a concept (0, 1 or 2)."""

    operation: str
    argument: str
    concept: int


@dataclass(frozen=True, eq=False)
class Language:
    """Values are (size,) whole numbers below `symbols`, `ABSENT` beyond the end; programs are lines of `functions`.

    `inputs(rng, shape)`: some to draw, (*shape, size).
    `every(value, given, xp)`: what each function makes of the value so far and of the input, (..., size) twice to
    (..., functions, size), in NumPy or JAX. `begin`: whether the value before the first line is the input, or empty.
    `alone`: the operation that train sets have on its own only. `later`: the functions that they lack.
    """

    functions: tuple[Function, ...]
    symbols: int
    size: int
    inputs: Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]
    every: Callable[[Any, Any, Any], Any]
    begin: bool
    alone: str
    later: frozenset[tuple[str, str]]

    @property
    def operations(self) -> tuple[str, ...]:
        """Their names, in order of appearance."""
        return tuple(dict.fromkeys(f.operation for f in self.functions))

    @property
    def arguments(self) -> tuple[str, ...]:
        """Their names, in order of appearance; an operation without one has the argument "" (empty)."""
        return tuple(dict.fromkeys(f.argument for f in self.functions))

    def first(self, given: Any, xp: Any = jnp) -> Any:
        """The values before the first line."""
        return given if self.begin else xp.full_like(given, ABSENT)

    def run(self, function: jax.Array, value: jax.Array, given: jax.Array) -> jax.Array:
        """One line on k examples each: (n,) places among the functions, (n, k, size) twice to (n, k, size).

        The place after the last function leaves values as they are; any other is broken, and so stays what is broken.
        """
        count = len(self.functions)
        made = self.every(value, given, jnp)
        chosen = (function[:, None] == jnp.arange(count))[:, None, :, None]
        found = jnp.where(chosen, made, 0).sum(-2, dtype=value.dtype)
        inside = ((function >= 0) & (function <= count))[:, None, None] & (value != BROKEN).all(-1, keepdims=True)
        return jnp.where(inside, jnp.where((function == count)[:, None, None], value, found), BROKEN)

    def outputs(self, program: jax.Array, given: jax.Array) -> jax.Array:
        """Whole programs: (n, lines) and (n, k, size) to (n, k, size)."""

        def step(value: jax.Array, function: jax.Array) -> tuple[jax.Array, None]:
            return self.run(function, value, given), None

        return jax.lax.scan(step, self.first(given), program.T)[0]

    def text(self, program: Any) -> str:
        """The lines, such as `Map +1; Sort`."""
        lines = [self.functions[int(f)] for f in program if 0 <= int(f) < len(self.functions)]
        return "; ".join(f"{f.operation} {f.argument}".strip() for f in lines)


def arranged(value: Any, target: Any, keep: Any, xp: Any) -> Any:
    """The kept numbers of (..., size) values, each moved to its target; what no number moves to is absent."""
    size = value.shape[-1]
    moved = (target[..., :, None] == xp.arange(size)) & keep[..., :, None]
    found = xp.where(moved, value[..., :, None], 0).sum(-2)
    return xp.where(moved.any(-2), found, ABSENT).astype(value.dtype)


def kept(value: Any, keep: Any, xp: Any) -> Any:
    """The numbers to keep, moved together."""
    keep = keep & (value >= 0)
    return arranged(value, xp.cumsum(keep, -1) - 1, keep, xp)
