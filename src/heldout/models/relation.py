"""Networks that score one answer after the other (Barrett et al., 2018): by the relations of pairs of panels, or all at once."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.models.dense import Dense, product, weights

BITS = 12
"""Meta-targets of PGM."""


class WReN(eqx.Module):
    """The Wild Relation Network: sums what it makes of every pair of panels, then turns each answer's sum into its score.

    `first`, `second`: what the first layer does with the two panels of a pair, so that a pair is the sum of two projections.
    `places`: (context + 1, width) what tells where a panel stands; all answers share the last.
    """

    first: jax.Array
    second: jax.Array
    places: jax.Array
    pair: tuple[Dense, ...]
    judge: Dense
    score: Dense
    meta: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Panels (n, context + answers, codes), the answers last, to scores (n, answers)."""
        return self.explain(inputs)[0]

    def explain(self, inputs: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Scores (n, answers), and logits of the meta-targets (n, bits) from the mean over answers of what scores come from."""
        hidden = jax.nn.relu(self.judge(self.related(inputs)))
        return self.score(hidden)[..., 0], self.meta(hidden.mean(1))

    def related(self, inputs: jax.Array) -> jax.Array:
        """(n, answers, width): for each answer the sum over pairs of the nine panels, by the number of context panels.

        Pairs of context panels are looked at once for all answers; a pair counts once, its earlier panel first.
        """
        context = len(self.places) - 1
        shown, answers = inputs[:, :context], inputs[:, context:]
        one = product(shown, self.first) + self.places[:context]
        two = product(shown, self.second)
        last = product(answers, self.second) + self.places[context]
        left, right = np.eye(context, dtype=np.float32)[np.stack(np.triu_indices(context, 1))]
        among = jnp.einsum("pc,ncw->npw", left, one) + jnp.einsum("pc,ncw->npw", right, two)
        withal = one[:, None] + last[:, :, None]  # (n, answers, context, width)
        return (self._told(among).sum(1)[:, None] + self._told(withal).sum(2)) / context

    def _told(self, pairs: jax.Array) -> jax.Array:
        hidden = jax.nn.relu(pairs)
        for layer in self.pair:
            hidden = jax.nn.relu(layer(hidden))
        return hidden


class Judge(eqx.Module):
    """A perceptron that reads the whole matrix which an answer completes, the same for every answer."""

    context: jax.Array
    answer: Dense
    layers: tuple[Dense, ...]

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """Panels (n, context + answers, codes), the answers last, to scores (n, answers)."""
        panels = len(self.context) // inputs.shape[-1]
        read = product(inputs[:, :panels].reshape(len(inputs), -1), self.context)
        hidden = read[:, None] + self.answer(inputs[:, panels:])
        for layer in self.layers:
            hidden = layer(jax.nn.relu(hidden))
        return hidden[..., 0]


@dataclass(frozen=True)
class RelationNetwork:
    """A relation network whose pairs go through `depth` layers of `width`; `bits`: how many meta-targets it also foretells."""

    width: int = 64
    depth: int = 2
    context: int = 8
    bits: int = BITS

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"WReN {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> WReN:  # noqa: ARG002
        """An untrained model."""
        (_, size), w = inputs, self.width
        last = [(w, w), (w, 1), (w, self.bits), (2, (self.context + 1) * w)]
        both, *pair, judge, score, meta, places = weights(key, [(2 * size, w), *[(w, w)] * (self.depth - 1), *last])
        dense = Dense(judge), Dense(score), Dense(meta)
        return WReN(both[:size], both[size:], places[0].reshape(-1, w), tuple(map(Dense, pair)), *dense)


@dataclass(frozen=True)
class AnswerByAnswer:
    """A perceptron with `depth` hidden layers of `width` that scores one completed matrix after the other."""

    width: int = 64
    depth: int = 3
    context: int = 8

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"MLP {self.depth}x{self.width}, answer by answer"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Judge:  # noqa: ARG002
        """An untrained model."""
        (_, size), w = inputs, self.width
        first, *layers = weights(key, [((self.context + 1) * size, w), *[(w, w)] * (self.depth - 1), (w, 1)])
        cut = self.context * size
        return Judge(first[:cut], Dense(first[cut:]), tuple(map(Dense, layers)))
