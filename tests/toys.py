"""Toys that go through the whole of heldout in seconds: a traced task and learner, an asked one, and a study of each."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core import IID, TRAIN, Budget, Outcomes, Paper, Sample, Split, Study, Words, score


@dataclass(frozen=True)
class Halves:
    """Say which of two halves a number lies in; `wide` draws from a wider range than was trained on."""

    middle: float = 0.3
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str] = "halves"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN, IID, Split("wide", "range", 2.0), Split("wider", "range", 4.0))
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.5

    def draw(self, split: Split, key: Any, n: int) -> tuple[Any, Any]:
        """(n,) numbers and whether each lies above the middle."""
        x = jax.random.uniform(key, (n,), minval=-1, maxval=1) * (split.level or 1.0)
        return x, x > self.middle

    def trials(self, model: Any, split: Split, key: Any, n: int) -> Outcomes:
        """Share of numbers put in the right half."""
        x, above = self.draw(split, key, n)
        items = jnp.stack([jax.lax.bitcast_convert_type(x, jnp.uint32), jnp.arange(n, dtype=jnp.uint32)], 1)
        return Outcomes(items, ((x > model) == above).astype(jnp.float32), {})

    def samples(self, split: Split, key: Any, n: int) -> list[Sample]:
        """The numbers."""
        x, above = map(np.asarray, self.draw(split, key, n))
        return [Sample(f"{a:.6f}", str(b)) for a, b in zip(x, above, strict=True)]

    def oracle(self) -> Any:
        """The middle itself."""
        return jnp.float32(self.middle)


class State(NamedTuple):
    """Where a search stands."""

    step: Any
    key: Any
    guess: Any


@dataclass(frozen=True)
class Search:
    """Move a guess of the middle a little whenever it errs (`rate=0` never learns)."""

    name: str = "search"
    rate: float = 0.1
    steps: int = 200
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"

    def start(self, task: Halves, key: Any) -> State:
        """A first guess at random."""
        return State(jnp.int32(0), key, jax.random.uniform(key, (), minval=-1, maxval=-0.5))

    def advance(self, task: Halves, state: State, until: Any) -> State:
        """The guess after step `until`."""

        def update(step: Any, guess: Any) -> Any:
            x, above = task.draw(TRAIN, jax.random.fold_in(state.key, step), 8)
            return guess + self.rate * ((x > guess).astype(float) - above.astype(float)).mean()

        guess = jax.lax.fori_loop(state.step, until, update, state.guess)
        return State(jnp.maximum(state.step, until), state.key, guess)

    def model(self, task: Halves, state: State) -> Any:
        """The guess."""
        return state.guess


@dataclass(frozen=True)
class Sums:
    """Add two whole numbers; `carry` draws larger ones."""

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "sums"
    splits: ClassVar[tuple[Split, ...]] = (IID, Split("carry", "size", 1e6))
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.0

    def draw(self, split: Split, key: Words, n: int) -> np.ndarray:
        """(n, 2) numbers, all pairs different."""
        rng = key.generator()
        first = rng.choice(10**8, n, replace=False) + (0 if split.axis is None else 10**12)
        return np.stack([first, rng.integers(97, size=n)], axis=1)

    def trials(self, model: Any, split: Split, key: Words, n: int) -> Outcomes:
        """1 where the answer is the sum."""
        pairs = self.draw(split, key, n)
        answers = np.array([model(f"{a} + {b}") for a, b in pairs])
        return Outcomes(
            pairs.astype(np.uint32), (answers == pairs.sum(1).astype(str)).astype(float), {"answer": answers}
        )

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Questions and answers."""
        return [Sample(f"{a} + {b}", str(a + b)) for a, b in self.draw(split, key, n)]

    def oracle(self) -> Any:
        """Python."""
        return lambda prompt: str(sum(int(x) for x in prompt.split(" + ")))


@dataclass(frozen=True)
class Adder:
    """Adds right, but for numbers of more than `digits` digits."""

    digits: int = 9
    name: ClassVar[str] = "adder"
    steps: ClassVar[int] = 0
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "query"

    def start(self, task: Any, key: Any) -> None:
        """Nothing."""

    def advance(self, task: Any, state: None, until: int) -> None:
        """Nothing."""

    def model(self, task: Sums, state: None) -> Any:
        """A function from questions to answers."""
        return lambda prompt: task.oracle()(prompt) if len(prompt.split(" + ")[0]) <= self.digits else "?"


halves, sums, adder = Halves(), Sums(), Adder()
search, stuck = Search(), Search("stuck", rate=0.0)

study = Study(
    paper=Paper("toys", title="A toy study", year=2026, authors="Ada Example and Bo Example"),
    tasks=(halves,),
    learners=(search, stuck),
    claims={
        "searching beats not moving": score(halves, search) > score(halves, stuck),
        "the typical search finds the middle": score(halves, search, "range") > 0.9,
        "not moving is as good": score(halves, stuck) > score(halves, search),
    },
    budget=Budget(seeds=12, minutes=2),
)

asked = Study(
    paper=Paper("asked", title="A toy study of items", year=2026),
    tasks=(sums,),
    learners=(adder,),
    claims={"it adds small numbers": score(sums, adder) > 0.8, "and large ones": score(sums, adder, "size") > 0.5},
    budget=Budget(items=200, minutes=2),
)
