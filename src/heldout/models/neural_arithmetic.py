"""Layers made for exact arithmetic: NAC and NALU (Trask et al., 2018), NAU and NMU (Madsen and Johansen, 2020)."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError

TINY = 1e-7
"""What is added to a number before its logarithm is taken."""

Unit = Literal["NAC+", "NAC*", "NALU", "NAU", "NMU"]

LAYERS: dict[str, tuple[Unit, Unit]] = {
    "NAC+": ("NAC+", "NAC+"),
    "NAC*": ("NAC+", "NAC*"),
    "NALU": ("NALU", "NALU"),
    "NAU": ("NAU", "NAU"),
    "NMU": ("NAU", "NMU"),
}
"""The two layers that each name stands for."""


class Layer(eqx.Module):
    """One layer; `arrays`: (in, out) each: tanh and sigmoid parts (and gate), or plain weights."""

    arrays: tuple[jax.Array, ...]
    unit: Unit = eqx.field(static=True)

    @property
    def weight(self) -> jax.Array:
        """(in, out) the effective weights, drawn to -1, 0 and 1 (NAC, NALU) or cut there (NAU) and at 0 and 1 (NMU)."""
        if self.unit == "NAU":
            return jnp.clip(self.arrays[0], -1.0, 1.0)
        if self.unit == "NMU":
            return jnp.clip(self.arrays[0], 0.0, 1.0)
        return jnp.tanh(self.arrays[0]) * jax.nn.sigmoid(self.arrays[1])

    def __call__(self, x: jax.Array) -> jax.Array:
        """(n, in) to (n, out)."""
        weight = self.weight
        if self.unit == "NMU":
            return jnp.prod(x[..., None] * weight + 1.0 - weight, -2)
        product = jnp.exp(jnp.log(jnp.abs(x) + TINY) @ weight) if self.unit in ("NAC*", "NALU") else None
        if self.unit == "NAC*":
            return product  # pyright: ignore[reportReturnType]
        if product is None:
            return x @ weight
        gate = jax.nn.sigmoid(x @ self.arrays[2])
        return gate * (x @ weight) + (1.0 - gate) * product


class Arithmetic(eqx.Module):
    """Two layers, the second on the outputs of the first."""

    first: Layer
    second: Layer

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, numbers) to (n, outputs)."""
        return self.second(self.first(inputs))


@dataclass(frozen=True)
class NeuralArithmetic:
    """Two layers of arithmetic units with `hidden` numbers between them; see `LAYERS`.

    NALU shares its weights between sum and product, as published; NAU and NMU go without the penalty that draws their weights
    to whole numbers.
    """

    unit: Unit = "NAC+"
    hidden: int = 2

    def __post_init__(self) -> None:
        if self.unit not in LAYERS:
            raise HeldoutError(f"there is no unit {self.unit!r}: there is {', '.join(LAYERS)}")

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.unit

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Arithmetic:
        """An untrained model, started as its authors do."""
        if len(inputs) != 1:
            raise HeldoutError(f"{self.name} takes rows of numbers, and got inputs of shape {inputs}")
        first, second = LAYERS[self.unit]
        one, other = jax.random.split(key)
        return Arithmetic(_layer(one, first, inputs[0], self.hidden), _layer(other, second, self.hidden, outputs))


def _layer(key: jax.Array, unit: Unit, fan_in: int, fan_out: int) -> Layer:
    reach = _REACH[unit](fan_in, fan_out)
    numbers = jax.random.uniform(key, (len(reach), fan_in, fan_out), minval=-1.0, maxval=1.0)
    middle = 0.5 if unit == "NMU" else 0.0
    return Layer(tuple(middle + r * numbers[i] for i, r in enumerate(reach)), unit)


@lru_cache(maxsize=256)
def spread(fan_in: int, fan_out: int) -> float:
    """How far the parts of a NAC reach from 0, uniformly, so that tanh times sigmoid has the variance of Glorot and Bengio (2010)."""
    from scipy.optimize import brentq

    wanted = 2.0 / max(fan_in + fan_out, 5)

    def beyond(r: float) -> float:
        return (1.0 - np.tanh(r) / r) * (r - np.tanh(r / 2.0)) / (2.0 * r) - wanted

    return float(brentq(beyond, 1e-6, 10.0))  # pyright: ignore[reportArgumentType]


def _nac(fan_in: int, fan_out: int) -> tuple[float, ...]:
    return (spread(fan_in, fan_out),) * 2


def _nalu(fan_in: int, fan_out: int) -> tuple[float, ...]:
    return (*_nac(fan_in, fan_out), float(np.sqrt(6.0 / (fan_in + fan_out))))


def _nau(fan_in: int, fan_out: int) -> tuple[float, ...]:
    return (min(0.5, float(np.sqrt(6.0 / (fan_in + fan_out)))),)


_REACH: dict[str, Callable[[int, int], tuple[float, ...]]] = {
    "NAC+": _nac,
    "NAC*": _nac,
    "NALU": _nalu,
    "NAU": _nau,
    "NMU": lambda _, __: (0.25,),
}
