"""An embedding of tokens and a perceptron on them, by tables."""

from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense, product, weights


class Embedded(eqx.Module):
    """Tokens are embedded, the embeddings of all positions joined, and a perceptron with one hidden layer reads them."""

    embedding: jax.Array
    hidden: Dense
    output: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, length, vocabulary) one-hot to (n, outputs).

        The first layer is worked out once per position and token, not per example: a table in which examples are looked up.
        """
        n, length, vocabulary = inputs.shape
        size = self.embedding.shape[1]
        weight = self.hidden.weight.reshape(length, size, -1)
        table = jnp.einsum("vd,ldh->lvh", self.embedding, weight).reshape(length * vocabulary, -1)
        found = product(inputs.reshape(n, -1), table) + self.hidden.bias
        return self.output(jax.nn.relu(found))


@dataclass(frozen=True)
class Lookup:
    """A perceptron with `width` hidden units on embeddings of `embedding` numbers, which all positions share."""

    embedding: int = 64
    width: int = 128

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"embedding {self.embedding}, MLP {self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Embedded:
        """An untrained model for one-hot inputs (length, vocabulary); embeddings start with variance 1 / embedding."""
        if len(inputs) != 2:
            raise HeldoutError(f"{self.name} takes one-hot inputs of shape (length, vocabulary), and got {inputs}")
        length, vocabulary = inputs
        shapes = [(self.embedding, vocabulary), (length * self.embedding, self.width), (self.width, outputs)]
        table, hidden, output = weights(key, shapes)
        return Embedded(table.T / jnp.sqrt(2.0), Dense(hidden), Dense(output))
