"""Learners and tasks that each do one thing that the runner must cope with."""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core import Outcomes, Split
from toys import Halves, Search, State


@dataclass(frozen=True)
class Hidden(Halves):
    """Halves whose grading hides what the model is: it compares, and comparing with nan is just false."""

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        x, above = self.draw(split, key, n)
        return Outcomes(jnp.stack([jnp.arange(n)] * 2, 1), jnp.where(x > model, above, ~above).astype(float), {})


@dataclass(frozen=True)
class Misshapen(Halves):
    """Grades all instances with one number."""

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        found = super().trials(model, split, key, n)
        return found._replace(score=found.score.mean())


@dataclass(frozen=True)
class Generous(Halves):
    """Scores above its own bounds."""

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        found = super().trials(model, split, key, n)
        return found._replace(score=found.score + 1.5)


@dataclass(frozen=True)
class Against(Halves):
    """How near the model's guess is to that of an opponent, who is another cell's model."""

    name: ClassVar[str] = "against"
    opponent: Any = None

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        near = jnp.full(n, 1.0 - jnp.abs(model - self.opponent) / 2)
        return Outcomes(jnp.stack([jnp.arange(n)] * 2, 1), near, {})


@dataclass(frozen=True)
class Broken(Search):
    """Turns to nan half-way."""

    name: str = "broken"

    def model(self, task: Any, state: State) -> Any:
        return jnp.where(state.step > self.steps // 2, jnp.nan, state.guess)


@dataclass(frozen=True)
class Onwards(Search):
    """Searches on from another cell's guess."""

    name: str = "onwards"
    initial: Any = None

    def start(self, task: Any, key: Any) -> State:
        return super().start(task, key)._replace(guess=self.initial)


@dataclass(frozen=True)
class Plain:
    """Counts in Python; its model is how far it came, which no array file holds."""

    name: str = "plain"
    steps: int = 6
    fails: tuple[str, ...] = field(default=(), compare=False)
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = False
    step_unit: ClassVar[str] = "fit"

    def start(self, task: Any, key: Any) -> list[Any]:
        return [key, 0]

    def advance(self, task: Any, state: list[Any], until: int) -> list[Any]:
        return [state[0], max(state[1], until)]

    def model(self, task: Any, state: list[Any]) -> Any:
        return {"seed": state[0], "came": state[1]}


@dataclass(frozen=True)
class Far:
    """Scores how far a `Plain` came, of ten."""

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "far"
    splits: ClassVar[tuple[Split, ...]] = (Split("train", train=True), Split("iid"))
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.0

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        return Outcomes(np.zeros((n, 2), np.uint32), np.full(n, model["came"] / 10), {})


@dataclass(frozen=True)
class Layered(Search):
    """A small perceptron: enough arithmetic for rounding to show."""

    name: str = "layered"
    steps: int = 30

    def start(self, task: Any, key: Any) -> Any:
        guess = super().start(task, key).guess  # few random numbers: those take long to compile
        drawn = jnp.sin(100 * guess * jnp.arange(3 * 16 * 16)).reshape(3, 16, 16) / 3
        return State(jnp.int32(0), key, {"weights": drawn, "step": drawn[0, 0, 0]})

    def advance(self, task: Any, state: Any, until: Any) -> Any:
        def loss(weights: Any, x: Any) -> Any:
            out = x
            for weight in weights:
                out = jnp.tanh(out @ weight)
            return ((out - x) ** 2).mean()

        def update(step: Any, guess: Any) -> Any:
            x = jnp.cos(0.37 * step + jnp.arange(8 * 16.0) ** 2).reshape(8, 16)
            weights = guess["weights"] - 0.3 * jax.grad(loss)(guess["weights"], x)
            return {"weights": weights, "step": guess["step"] + weights.mean()}

        guess = jax.lax.fori_loop(state.step, until, update, state.guess)
        return State(jnp.maximum(state.step, until), state.key, guess)

    def model(self, task: Any, state: Any) -> Any:
        return state.guess["weights"].sum() + state.guess["step"]
