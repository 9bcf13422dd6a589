"""Small sums for a network that answers by a distribution, so that it can be asked again and again."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.interfaces import Batch, Loss


@dataclass(frozen=True)
class SampledSums:
    """What is a + b, both below `numbers`? A `share` of all pairs is trained on, the others are asked (`iid`).

    The numbers are seen as so many lit lamps in a row each, the answer is one of the 2 * numbers - 1 possible sums. The score is 1 where the most
    probable answer is right. Which pairs are trained on is the same for every seed.
    """

    numbers: int = 40
    share: float = 0.5
    label: str = field(default="sums below 40", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label

    @property
    def splits(self) -> tuple[Split, ...]:
        """Pairs trained on, and the others."""
        return (TRAIN, IID)

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return (0.0, 1.0)

    @property
    def chance(self) -> float:
        """The commonest sum."""
        return 1 / self.numbers

    @property
    def inputs(self) -> tuple[int, ...]:
        """Two rows of lamps."""
        return (2 * self.numbers,)

    @property
    def outputs(self) -> int:
        """Every sum there can be."""
        return 2 * self.numbers - 1

    @property
    def loss(self) -> Loss:
        """Cross entropy over the sums."""
        return "cross entropy"

    def pairs(self, split: Split) -> np.ndarray:
        """(pairs, 2) all pairs of a split."""
        return _pairs(self.numbers, self.share, split.train)

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Pairs with replacement."""
        pairs = jnp.asarray(self.pairs(split))
        return self._batch(pairs[(jax.random.uniform(key, (n,)) * len(pairs)).astype(jnp.int32)])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is that of the sum."""
        return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)

    def different(self, split: Split, key: jax.Array, n: int) -> tuple[jax.Array, Batch]:
        """`n` different pairs (all, where there are no more) and the batch of them."""
        pairs = self.pairs(split)
        chosen = jnp.asarray(pairs)[jax.random.permutation(key, len(pairs))[: min(n, len(pairs))]]
        return chosen, self._batch(chosen)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Different pairs, the most probable answer."""
        pairs, batch = self.different(split, key, n)
        outputs = model(batch.inputs)
        return Outcomes(pairs.astype(jnp.uint32), self.grade(batch, outputs), {"answer": outputs.argmax(-1)})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Sums to look at."""
        pairs = np.asarray(self.different(split, key, n)[0]).tolist()
        return [Sample(f"{a} + {b}", str(a + b)) for a, b in pairs]

    def oracle(self) -> Any:
        """Counts the lamps."""
        return self._add

    def _add(self, inputs: jax.Array) -> jax.Array:
        return jax.nn.one_hot(inputs.sum(-1).round().astype(jnp.int32), self.outputs)

    def _batch(self, pairs: jax.Array) -> Batch:
        lamps = (jnp.arange(self.numbers) < pairs[..., None]).astype(jnp.float32)
        return Batch(lamps.reshape(len(pairs), -1), pairs.sum(-1))


@lru_cache(maxsize=16)
def _pairs(numbers: int, share: float, train: bool) -> np.ndarray:
    every = np.stack(np.divmod(np.arange(numbers**2), numbers), axis=1).astype(np.int32)
    order = words("sampled sums", numbers).generator().permutation(numbers**2)
    cut = round(share * numbers**2)
    return every[np.sort(order[:cut] if train else order[cut:])]
