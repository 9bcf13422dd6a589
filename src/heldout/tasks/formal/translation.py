"""Sequences to be turned into other sequences, one token after the other, from a finite table of pairs.

A model reads the source, then a mark, then what it has written so far; at the mark it says the first token of the answer, at each
token the next one, until it says that the answer ends. In training it is shown the right answer so far; when it is asked, its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss

END = "."
"""The token that ends an answer."""
Text = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Sources with their answers, which end with `END`; `rows` of each split, and `facts` of each pair.

    `weights`: how often each row of the train split is drawn, relative to the others; evenly unless given.
    """

    sources: Sequence[Text]
    answers: Sequence[Text]
    rows: Mapping[str, np.ndarray]
    facts: Mapping[str, np.ndarray]
    weights: np.ndarray | None = None

    @cached_property
    def written(self) -> Text:
        """The tokens of answers, in order."""
        return tuple(sorted({token for answer in self.answers for token in answer}))

    @cached_property
    def tokens(self) -> Text:
        """Those of answers, then those of sources only."""
        return (*self.written, *sorted({token for source in self.sources for token in source} - set(self.written)))

    @cached_property
    def source(self) -> np.ndarray:
        """(pairs, longest) places among the tokens, -1 beyond the end."""
        return numbered(self.sources, self.tokens)

    @cached_property
    def answer(self) -> np.ndarray:
        """(pairs, longest) places among the tokens, -1 beyond the end."""
        return numbered(self.answers, self.tokens)

    @cached_property
    def cumulated(self) -> np.ndarray:
        """The chance that a training row up to each is drawn."""
        weights = np.ones(len(self.rows["train"])) if self.weights is None else self.weights
        return (np.cumsum(weights) / np.sum(weights)).astype(np.float32)

    @cached_property
    def chance(self) -> float:
        """The share of the most common answer."""
        return float(np.unique(self.answer, axis=0, return_counts=True)[1].max() / len(self.answer))


class Translation(ABC):
    """A task whose instances are pairs of a source and an answer; subclasses say which.

    The score is 1 where the answer is right to its end. An input has a position per token of the longest source, one for the mark,
    and as many as the longest answer has tokens before its end, each one-hot or, beyond the end, all zero.
    """

    traced: ClassVar[bool] = True

    @property
    @abstractmethod
    def pairs(self) -> Pairs:
        """The table, the same in every process."""

    @property
    @abstractmethod
    def splits(self) -> tuple[Split, ...]:
        """Train, iid and what is shifted."""

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Always giving the most common answer."""
        return self.pairs.chance

    @property
    def source(self) -> int:
        """The number of positions before the mark."""
        return self.pairs.source.shape[1]

    @property
    def inputs(self) -> tuple[int, int]:
        """Positions, and tokens with the mark."""
        return self.source + self.pairs.answer.shape[1], len(self.pairs.tokens) + 1

    @property
    def outputs(self) -> int:
        """The number of tokens that answers have."""
        return len(self.pairs.written)

    @property
    def loss(self) -> Loss:
        """Cross entropy over the tokens of answers."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` pairs of a split, with replacement; the right answer is shown."""
        made = self.pairs
        rows, number = jnp.asarray(made.rows[split.name]), jax.random.uniform(key, (n,))
        evenly = jnp.minimum((number * len(rows)).astype(jnp.int32), len(rows) - 1)
        if not split.train or made.weights is None:
            return self._batch(rows[evenly])
        place = (number[:, None] >= jnp.asarray(made.cumulated)).sum(-1)
        return self._batch(rows[jnp.minimum(place, len(rows) - 1)])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is right at every token of the answer, and at its end."""
        wrong = (outputs.argmax(-1) != batch.targets) & (batch.weights > 0)
        return 1.0 - wrong.any(-1).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask `n` different sources, or all where there are no more; the model reads its own answers, not the right ones."""
        made = self.pairs
        rows = jax.random.permutation(key, jnp.asarray(made.rows[split.name]))[:n]
        batch = self._batch(rows)
        said = written(model, batch.inputs, self.source)
        item = jnp.stack([rows, jnp.zeros_like(rows)], 1).astype(jnp.uint32)
        facts = {name: jnp.asarray(values)[rows] for name, values in made.facts.items()}
        return Outcomes(item, self.grade(batch, jax.nn.one_hot(said, self.outputs)), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Sources with their answers."""
        made = self.pairs
        rows = np.asarray(jax.random.permutation(key, jnp.asarray(made.rows[split.name])))[:n]
        return [Sample(" ".join(made.sources[row]), " ".join(made.answers[row][:-1])) for row in rows]

    def oracle(self) -> "Known":
        """Knows every answer."""
        return Known(self)

    def _batch(self, rows: jax.Array) -> Batch:
        """Pairs laid out for a model: (n, positions, tokens + 1), targets and weights (n, positions)."""
        made = self.pairs
        read, answer = jnp.asarray(made.source)[rows], jnp.asarray(made.answer)[rows]
        mark = jnp.full((len(rows), 1), len(made.tokens))
        shown = jnp.concatenate([read, mark, jnp.where(answer[:, 1:] >= 0, answer[:, :-1], -1)], 1)
        targets = jnp.concatenate([jnp.full_like(read, -1), answer], 1)
        inputs = (shown[..., None] == jnp.arange(len(made.tokens) + 1)).astype(jnp.float32)
        return Batch(inputs, jnp.maximum(targets, 0), (targets >= 0).astype(jnp.float32))


def written(model: Any, inputs: jax.Array, source: int) -> jax.Array:
    """The likeliest token at every position (n, positions), where what stands after the mark is what the model itself says.

    Nothing is shown there at first; what the model says is shown to it, until that no longer changes what it says. For a model that
    reads only what came before, this is what it writes token by token, since after i rounds the first i tokens are settled.
    """
    room = inputs.shape[1] - source
    channels = jnp.arange(inputs.shape[2])
    start = inputs.at[:, source + 1 :].set(0.0)

    def said(shown: jax.Array) -> jax.Array:
        return model(shown).argmax(-1)

    def show(tokens: jax.Array) -> jax.Array:
        ahead = (tokens[:, source:-1, None] == channels).astype(inputs.dtype)
        return start.at[:, source + 1 :].set(ahead)

    def again(carry: tuple[jax.Array, jax.Array, jax.Array]) -> jax.Array:
        round_, last, now = carry
        return (round_ < room) & (last != now)[:, source:].any()

    def turn(carry: tuple[jax.Array, jax.Array, jax.Array]) -> tuple[jax.Array, jax.Array, jax.Array]:
        round_, _, now = carry
        return round_ + 1, now, said(show(now))

    first = said(start)
    return jax.lax.while_loop(again, turn, (jnp.asarray(1), jnp.full_like(first, -1), first))[2]


@dataclass(frozen=True)
class Known:
    """The model that looks a source up."""

    task: Translation

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, positions, tokens + 1) to (n, positions, outputs)."""
        made, room = self.task.pairs, self.task.source
        read = jnp.where(inputs[:, :room].any(-1), inputs[:, :room].argmax(-1), -1)
        row = (read[:, None] == jnp.asarray(made.source)).all(-1).argmax(-1)
        answer = jnp.maximum(jnp.asarray(made.answer)[row], 0)
        return jax.nn.one_hot(jnp.pad(answer, ((0, 0), (room, 0))), self.task.outputs)


def numbered(texts: Sequence[Text], tokens: Text) -> np.ndarray:
    """(texts, longest) int32 places among the tokens, -1 beyond the end."""
    place = {token: i for i, token in enumerate(tokens)}
    made = np.full((len(texts), max(map(len, texts))), -1, np.int32)
    for row, text in zip(made, texts, strict=True):
        row[: len(text)] = [place[token] for token in text]
    return made
