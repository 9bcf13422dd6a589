"""Tasks that turn one string into another, of any length, as in "Neural Networks and the Chomsky Hierarchy" (2023).

A model reads the string, then as many empty tokens as the answer may be long, and answers at those. Symbols are one-hot vectors,
the last channel is the empty token; beyond them all is zero, so that strings of different lengths fit one array.

One string in eight, told by a hash, is kept for `iid`: it has weight 0 in training. Where `iid` needs different strings, they are
drawn one by one and repeats are skipped.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.choice import mixed, preferred
from heldout.tasks.formal.threefry import uniform
from heldout.tasks.interfaces import Batch, Loss

SHARE = 8
"""One string in so many of the training lengths is kept for `iid`."""
FEWEST = 12
"""The shortest range of training lengths: below it there are too few strings to keep some apart."""


class Answer(NamedTuple):
    """What a string should be turned into: (room,) symbols and how many of them are asked for; the rest means nothing."""

    symbols: jax.Array
    size: jax.Array


@dataclass(frozen=True)
class Transduction(ABC):
    """Strings of lengths up to `train`, drawn evenly, to train on; axis `length`: longer ones, all of one length.

    The score is the share of the answer's symbols that are right. Subclasses say what a string and its answer are, one at a
    time; here they become splits, arrays and scores.
    """

    train: int = 20
    length: tuple[int, ...] = (40, 80)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str]
    symbols: ClassVar[str]  # one character per input symbol
    answers: ClassVar[str]  # one character per output symbol
    shortest: ClassVar[int] = 1
    stride: ClassVar[int] = 1  # lengths that exist: shortest, shortest + stride ...

    def __post_init__(self) -> None:
        if self.train < FEWEST:
            raise HeldoutError(f"{self.name}: train={self.train} leaves too few strings: give at least {FEWEST}")
        longest = self.room(TRAIN)
        if short := [s for s in self.splits[2:] if self.room(s) <= longest]:
            raise HeldoutError(
                f"{self.name}: {short[0].name} is not longer than the training strings, of up to {longest}"
            )
        if len(set(self.length)) < len(self.length):
            raise HeldoutError(f"{self.name}: lengths {self.length} name one twice")

    @abstractmethod
    def write(self, numbers: jax.Array, length: Any) -> jax.Array:
        """A string of that length from (draws,) uniform numbers in [0, 1): (room,) symbols, of which the first `length` count."""

    @abstractmethod
    def solve(self, string: jax.Array, length: Any) -> Answer:
        """The answer to a string of that length."""

    @staticmethod
    @abstractmethod
    def asked(length: Any) -> Any:
        """The number of empty tokens after a string of that length, at which the answer is read."""

    @staticmethod
    def draws(room: int) -> int:
        """How many uniform numbers `write` takes for strings of up to `room` symbols."""
        return room

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per longer length."""
        return (TRAIN, IID, *(Split(f"length-{n}", "length", n) for n in self.length))

    @property
    def bounds(self) -> tuple[float, float]:
        """A share."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """Guessing every symbol."""
        return 1.0 / len(self.answers)

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of a training input: positions, symbols and the empty token."""
        room = self.room(TRAIN)
        return (room + self.asked(room), len(self.symbols) + 1)

    @property
    def outputs(self) -> int:
        """The number of output symbols."""
        return len(self.answers)

    @property
    def loss(self) -> Loss:
        """Cross entropy over the output symbols."""
        return "cross entropy"

    def room(self, split: Split) -> int:
        """The longest string of a split: its length, lowered to one that exists (expressions have odd lengths)."""
        wanted = self.train if split.level is None else int(split.level)
        return wanted - (wanted - self.shortest) % self.stride

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """`n` strings laid out for a model; in training what is kept for `iid` has weight 0, in `iid` all are different."""
        if not split.train:
            return self.lay_out(*self.different(split, key, n))
        strings, lengths = self._strings(split, key, n)
        batch = self.lay_out(strings, lengths)
        return batch._replace(weights=batch.weights * (~_kept(identify(strings, lengths)))[:, None])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """The share of the answer's symbols to which the largest output belongs."""
        right = (outputs.argmax(-1) == batch.targets) * batch.weights
        return right.sum(-1) / jnp.maximum(batch.weights.sum(-1), 1.0)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask about `n` different strings; where a split has fewer, some are asked again."""
        return ask(self, split, n, model, key)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Strings with their answers."""
        strings, lengths, found = show(self, split, n, key)
        written = texts(self.symbols, np.asarray(strings), lengths)
        return list(map(Sample, written, texts(self.answers, np.asarray(found.symbols), found.size)))

    def oracle(self) -> "Solver":
        """Reads the string out of the input and solves it."""
        return Solver(self)

    def lay_out(self, strings: jax.Array, lengths: jax.Array | int) -> Batch:
        """(n, room) strings as one-hot inputs (n, positions, channels) with targets and weights at the empty tokens.

        `lengths`: (n,) whole numbers, or one if all are of one length, which makes it faster: it is known where everything goes.
        """
        rows, room = strings.shape
        end = lengths if isinstance(lengths, int) else lengths[:, None]
        position, last = np.arange(room + self.asked(room)), len(self.symbols)
        empty = jnp.where(position < end + self.asked(end), last, last + 1)  # beyond the last channel all is zero
        empty = jnp.broadcast_to(empty, (rows, len(position)))
        parts = jnp.where(position[:room] < end, strings, empty[:, :room]), empty[:, room:]
        inputs = jnp.concatenate([(part[..., None] == jnp.arange(last + 1)).astype(jnp.float32) for part in parts], 1)
        answer, at = self.solved(strings, lengths), position - end
        weights = (at >= 0) & (at < answer.size[:, None])
        return Batch(inputs, jnp.where(weights, _placed(answer.symbols, at), 0), weights.astype(jnp.float32))

    def solved(self, strings: jax.Array, lengths: jax.Array | int) -> Answer:
        """The answers to (n, room) strings."""
        return jax.vmap(self.solve, (0, None if isinstance(lengths, int) else 0))(strings, lengths)

    def _strings(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, Any]:
        """(n, room) strings and their (n,) lengths, or the one that all have, drawn independently from one array of numbers."""
        room = self.room(split)
        numbers = uniform(key, (n, 1 + self.draws(room)))
        if split.level is not None:
            return jax.vmap(self.write, (0, None))(numbers[:, 1:], room), room
        kinds = (room - self.shortest) // self.stride + 1
        lengths = self.shortest + self.stride * pick(numbers[:, 0], kinds)
        strings = jax.vmap(self.write)(numbers[:, 1:], lengths)
        return jnp.where(jnp.arange(room) < lengths[:, None], strings, 0), lengths

    def different(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, Any]:
        """The first `n` different strings of the split among many; of training strings the first `n`, repeats and all.

        Longer strings are taken as drawn.
        """
        if split.level is not None:
            return self._strings(split, key, n)
        strings, lengths = self._strings(split, key, max(2 * n, 64) if split.train else max(4 * SHARE * n, 512))
        found = identify(strings, lengths)
        order = preferred(found, _kept(found) != split.train, skip=not split.train)[:n]
        return strings[order], lengths[order]


@dataclass(frozen=True)
class Solver:
    """The model that knows the answers of a task."""

    task: Transduction

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, positions, channels) to (n, positions, outputs)."""
        strings, lengths = inputs[..., :-1].argmax(-1), inputs[..., :-1].sum((1, 2)).astype(jnp.int32)
        targets = self.task.lay_out(strings, lengths).targets[:, : inputs.shape[1]]
        return jax.nn.one_hot(targets, self.task.outputs)


@eqx.filter_jit
def ask(task: Transduction, split: Split, n: int, model: Any, key: jax.Array) -> Outcomes:
    """The outcomes of `n` strings; compiled once per task, split and number."""
    strings, lengths = task.different(split, key, n)
    batch = task.lay_out(strings, lengths)
    graded = task.grade(batch, model(batch.inputs))
    return Outcomes(identify(strings, lengths), graded, {"length": jnp.full(n, lengths)})


@eqx.filter_jit
def show(task: Transduction, split: Split, n: int, key: jax.Array) -> tuple[jax.Array, jax.Array, Answer]:
    """`n` strings, their lengths and answers; compiled once per task, split and number."""
    strings, lengths = task.different(split, key, n)
    return strings, jnp.full(n, lengths), task.solved(strings, lengths)


def pick(number: jax.Array, n: Any) -> jax.Array:
    """One of 0 ... n - 1 from a uniform number in [0, 1)."""
    return jnp.minimum((number * n).astype(jnp.int32), n - 1)


def identify(strings: jax.Array, lengths: jax.Array | int) -> jax.Array:
    """(n, 2) uint32 ids: equal for equal strings."""
    lengths = jnp.full(len(strings), lengths)
    weights = jnp.asarray(np.random.default_rng(2023).integers(0, 2**32, (strings.shape[1] + 1, 2)), jnp.uint32)
    written = jnp.where(jnp.arange(strings.shape[1]) < lengths[:, None], strings + 1, 0).astype(jnp.uint32)
    sums = (written[..., None] * weights[1:]).sum(1, dtype=jnp.uint32)
    return mixed(sums + lengths[:, None].astype(jnp.uint32) * weights[0])


def _kept(ids: jax.Array) -> jax.Array:
    """Whether a string of a training length is kept for `iid`."""
    return mixed(ids[:, 0] ^ (ids[:, 1] >> 3)) % SHARE == 0


def _placed(symbols: jax.Array, at: Any) -> jax.Array:
    """(n, room) symbols of answers at the places `at`, (positions,) or (n, positions); where there are none, anything."""
    if symbols.shape[1] == 1:
        return symbols
    if at.ndim == 2:
        return jnp.take_along_axis(symbols, jnp.clip(at, 0, symbols.shape[1] - 1), 1)
    before = int((at < 0).sum())
    used = symbols[:, : len(at) - before]
    around = [jnp.zeros((len(symbols), k), symbols.dtype) for k in (before, len(at) - before - used.shape[1])]
    return jnp.concatenate([around[0], used, around[1]], 1)


def texts(alphabet: str, symbols: np.ndarray, sizes: Any) -> list[str]:
    """The first of (n, room) symbols as text, so many in each row."""
    characters = np.array([*alphabet, ""]).view(np.uint32)  # the empty one, as the last of a text, is not there
    inside = np.arange(symbols.shape[1]) < np.asarray(sizes)[:, None]
    chosen = characters.take(np.where(inside, symbols, len(alphabet)))
    return chosen.view(f"U{symbols.shape[1]}")[:, 0].tolist()
