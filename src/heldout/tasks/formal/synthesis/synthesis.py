"""Finding programs from examples, with five ways of combining their parts otherwise than in training.

After the benchmark of ExeDec, "Execution Decomposition for Compositional Generalization in Neural Program Synthesis" (Shi et
al., 2024). There each way has a train set of its own; here one train set lacks all five, so that one training shows all.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.choice import mixed
from heldout.tasks.formal.synthesis.language import Language
from heldout.tasks.formal.synthesis.table import Table, table

Programmer = Callable[[jax.Array, jax.Array], jax.Array]
"""What finds programs: (n, shown, size) inputs and outputs to (n, lines) places among the functions, their number to stop."""


class Instances(NamedTuple):
    """Some programs: `program` (n, lines) functions, then stops; `given` and `values` of the shown examples and of all.

    `given` (n, k, size), `values` (n, lines + 1, k, size) before and after each line; of k examples the first `shown` are for
    the programmer to see. `row` (n,): which instances they are.
    """

    program: jax.Array
    given: jax.Array
    values: jax.Array
    row: jax.Array


@dataclass(frozen=True)
class Synthesis(ABC):
    """Programs to be found from `shown` examples of what they do; the score is 1 where one also does so on two more.

    Train programs have one to `trained` lines of one concept, or of the first and then of the second; `iid` has others like
    them, of two lines and more. The axes: `length` (one line more), `concepts` (the third concept with another), `order` (the second
    concept before the first), `operation` (one that train programs have on its own only, among others), `functionality`
    (arguments that train programs never give an operation). No program of theirs does the same as one of train or `iid`.
    """

    shown: int = 3
    trained: int = 3

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    name: ClassVar[str]

    def __post_init__(self) -> None:
        if not 1 <= self.shown <= 8:
            raise HeldoutError(f"{self.name}: shown={self.shown} must be 1 to 8 examples")
        if not 2 <= self.trained <= 3:
            raise HeldoutError(f"{self.name}: trained={self.trained} must be 2 or 3 lines")

    @property
    @abstractmethod
    def language(self) -> Language:
        """What programs are written in."""

    @abstractmethod
    def read(self, value: np.ndarray) -> str:
        """A value for people to read."""

    @property
    def lines(self) -> int:
        """How many lines programs may have."""
        return self.trained + 1

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per axis."""
        names = {
            "length": "longer programs",
            "concepts": "concepts together",
            "order": "switched order",
            "operation": "new operation",
            "functionality": "new arguments",
        }
        return (TRAIN, IID, *(Split(name, axis) for axis, name in names.items()))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Always giving the same line."""
        return 1.0 / len(self.language.functions)

    def draw(self, split: Split, key: jax.Array, n: int) -> Instances:
        """Draw `n` instances of a split, with replacement."""
        rows = jnp.asarray(self._rows(split))
        return self._instances(rows[jax.random.randint(key, (n,), 0, len(rows))])

    def grade(self, found: jax.Array, instances: Instances) -> jax.Array:
        """1 where a program gives all outputs, of the shown examples and of the others."""
        outputs = self.language.outputs(found, instances.given)
        return (outputs == instances.values[:, -1]).all((1, 2)).astype(jnp.float32)

    def trials(self, model: Programmer, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask for `n` different programs, or all where there are no more.

        The fact `fits` is whether the one found fits the examples shown, `lines` the length of the one that made them.
        """
        made = self.instances(split, key, n)
        score, fits = asked(self, model, made)
        lines = (made.program < len(self.language.functions)).sum(-1)
        item = jnp.stack([made.row, jnp.zeros_like(made.row)], 1).astype(jnp.uint32)
        return Outcomes(item, score, {"fits": fits, "lines": lines})

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Examples with the program that made them."""
        made = jax.tree.map(np.asarray, self.instances(split, key, n))
        pairs = zip(made.program, made.given[:, : self.shown], made.values[:, -1, : self.shown], strict=True)
        return [
            Sample(
                ", ".join(f"{self.read(a)} -> {self.read(b)}" for a, b in zip(given, out, strict=True)),
                self.language.text(p),
            )
            for p, given, out in pairs
        ]

    def oracle(self) -> "Known":
        """Knows the program of every instance."""
        return Known(self)

    def instances(self, split: Split, key: jax.Array, n: int) -> Instances:
        """`n` different instances of a split, or all where there are no more."""
        return self._instances(jax.random.permutation(key, jnp.asarray(self._rows(split)))[:n])

    def _rows(self, split: Split) -> np.ndarray:
        return laid_out(self).rows[split.axis or split.name]

    def _instances(self, rows: jax.Array) -> Instances:
        made = laid_out(self)
        program, given, values = (
            jnp.asarray(x)[rows].astype(jnp.int32) for x in (made.program, made.given, made.values)
        )
        return Instances(program, given, values, rows)


class Known(eqx.Module):
    """The programmer that looks the examples up."""

    task: Synthesis = eqx.field(static=True)

    def __call__(self, given: jax.Array, wanted: jax.Array) -> jax.Array:
        """(n, shown, size) twice to (n, lines)."""
        made, shown = laid_out(self.task), self.task.shown
        known = _code(jnp.asarray(made.given[:, :shown]), jnp.asarray(made.values[:, -1, :shown]))
        row = (known == _code(given, wanted)[:, None]).argmax(-1)
        return jnp.asarray(made.program)[row]


@eqx.filter_jit
def asked(task: Synthesis, model: Programmer, made: Instances) -> tuple[jax.Array, jax.Array]:
    """The score of each program found, and whether it fits the examples shown; compiled once for all splits."""
    given, wanted = made.given[:, : task.shown], made.values[:, -1, : task.shown]
    right = (task.language.outputs(model(given, wanted), made.given) == made.values[:, -1]).all(-1)
    return right.all(-1).astype(jnp.float32), right[:, : task.shown].all(-1)


def _code(given: jax.Array, wanted: jax.Array) -> jax.Array:
    """A number for each set of examples."""
    flat = jnp.concatenate([given, wanted], -1).reshape(len(given), -1).astype(jnp.int32) + 3
    factors = np.random.default_rng(2024).integers(1, 2**32, flat.shape[1], dtype=np.uint32)
    return mixed((flat.astype(jnp.uint32) * jnp.asarray(factors)).sum(-1, dtype=jnp.uint32))


@lru_cache(maxsize=8)
def laid_out(task: Synthesis) -> Table:
    """All instances of a task, the same in every process."""
    return table(task.language, task.shown, task.trained, words("synthesis", task.name, repr(task)).generator())
