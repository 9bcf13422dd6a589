"""Small networks on the user's own table, trained by methods that are told the domains of its rows."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, Literal, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import Words
from heldout.core.split import TRAIN, Split
from heldout.learners.averaged import Averaged
from heldout.learners.domains.fish import Fish
from heldout.learners.domains.group_dro import GroupDRO
from heldout.learners.domains.irm import IRM
from heldout.learners.fitted import Estimated
from heldout.learners.optimiser import AdamW
from heldout.learners.sam import SAM
from heldout.learners.supervised import Supervised, loss
from heldout.models.mlp import MLP
from heldout.tasks.interfaces import Batch, Loss, Questions

Rule = Literal["last", "best"]

STAGES = 10
"""Steps, evenly spaced, among which the best is chosen."""

KEPT = 0.25
"""Share of each training domain's rows that is kept from training to choose by."""


class Rows(eqx.Module):
    """Rows in numbers as examples of domains. `index`: (domains, most rows), row numbers; `counts`: (domains,) of them."""

    values: jax.Array
    targets: jax.Array
    index: jax.Array
    counts: jax.Array
    outputs: int = eqx.field(static=True)
    loss: Loss = eqx.field(static=True)

    name: ClassVar[str] = "rows"
    splits: ClassVar[tuple[Split, ...]] = (TRAIN,)

    @property
    def inputs(self) -> tuple[int, ...]:
        """The number of features."""
        return (self.values.shape[1],)

    @property
    def domains(self) -> tuple[str, ...]:
        """Places of domains."""
        return tuple(str(d) for d in range(len(self.counts)))

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:  # noqa: ARG002
        """Rows of all domains together, every row as likely as any other."""
        ends = jnp.cumsum(self.counts)
        place = (jax.random.uniform(key, (n,)) * ends[-1]).astype(jnp.int32)
        domain = (place[:, None] >= ends).sum(1)
        return self._at(self.index[domain, place - jnp.where(domain > 0, ends[domain - 1], 0)])

    def draw_domain(self, domain: Any, key: jax.Array, n: int) -> Batch:
        """Rows of one domain."""
        place = (jax.random.uniform(key, (n,)) * self.counts[domain]).astype(jnp.int32)
        return self._at(self.index[domain, place])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 for the right class; one less the squared error for numbers."""
        if self.loss == "cross entropy":
            return (outputs.argmax(-1) == batch.targets).astype(jnp.float32)
        return 1.0 - jnp.square(outputs - batch.targets).mean(-1)

    def _at(self, rows: jax.Array) -> Batch:
        return Batch(self.values[rows], self.targets[rows])


@dataclass(frozen=True)
class OnTable:
    """A network trained on a table by a `method` for one seed at a time, anew for every domain that is left out.

    Features are standardised, medians where a cell is empty, by what is trained on. `select`: what counts is the network
    after the last step, or the one of ten steps with the lowest loss on a quarter of the rows of each training domain, which
    it was not trained on. The domain asked about chooses nothing.
    """

    method: Any
    select: Rule = "last"
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "fit"
    steps: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the name of the method."""
        return self.label or self.method.name

    def start(self, task: Any, key: Words) -> Words:  # noqa: ARG002
        """The seed's words."""
        return key

    def advance(self, task: Any, state: Any, until: int) -> Any:  # noqa: ARG002
        """The networks: one of everything, and one for every domain without it."""
        if not isinstance(state, Words):
            return state
        found = {"": self._fit(task, state, [""])[0]}
        if task.folds:
            alike: dict[int, list[str]] = {}
            for fold in task.folds:  # a domain all of whose rows are kept for iid leaves as many domains as before
                alike.setdefault(len(task.by_domain(fold)), []).append(fold)
            for folds in alike.values():
                found |= dict(zip(folds, self._fit(task, state, folds), strict=True))
        return found

    def model(self, task: Any, state: Any) -> Estimated:
        """What answers arrays."""
        return Estimated(state, task.outputs if task.loss == "cross entropy" else None)

    def _fit(self, task: Any, words: Words, folds: Sequence[str]) -> "list[Network]":
        """A network for each fold; folds have equally many domains and are trained together."""
        scales, parts = [], []
        for fold in folds:
            domains = task.by_domain(fold)
            scales.append(_scale(domains, task.loss))
            parts.append(_divided(domains, scales[-1], words if self.select == "best" else None))
        stacked = [
            jax.tree.map(lambda *x: jnp.stack(x), *(_rows(part, side, _most(parts, side), task) for part in parts))
            for side in (2, 3)
        ]
        key = jax.random.wrap_key_data(jnp.asarray(words, jnp.uint32))
        models, losses = _training(self.method)(*stacked, key)
        best = np.asarray(losses).argmin(1) if self.select == "best" else np.full(len(folds), STAGES - 1)
        chosen = [jax.tree.map(lambda x, f=f: np.asarray(x[f, best[f]]), models) for f in range(len(folds))]
        return [Network(scale, model, task.outputs, task.loss) for scale, model in zip(scales, chosen, strict=True)]


class Scale(NamedTuple):
    """What makes a network's inputs of features, and what of its outputs becomes numbers again."""

    median: np.ndarray
    middle: np.ndarray
    spread: np.ndarray
    target: tuple[float, float]

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, features) to the same in standard units."""
        filled = np.where(np.isnan(inputs), self.median, inputs)
        return ((filled - self.middle) / self.spread).astype(np.float32)


@dataclass(frozen=True, eq=False)
class Network:
    """A trained network that answers as estimators of scikit-learn do."""

    scale: Scale
    network: Any
    outputs: int
    loss: Loss

    @property
    def classes_(self) -> np.ndarray:
        """Class numbers."""
        return np.arange(self.outputs)

    def predict(self, inputs: np.ndarray) -> np.ndarray:
        """Class numbers, or numbers."""
        outputs = np.asarray(self.network(jnp.asarray(self.scale(inputs))))
        middle, spread = self.scale.target
        return outputs.argmax(-1) if self.loss == "cross entropy" else outputs[:, 0] * spread + middle

    def predict_proba(self, inputs: np.ndarray) -> np.ndarray:
        """(n, classes) probabilities."""
        return np.asarray(jax.nn.softmax(self.network(jnp.asarray(self.scale(inputs)))))


@lru_cache(maxsize=32)
def _training(method: Any) -> Any:
    """The compiled program: networks (folds, stages, ...) and their losses (folds, stages) on the rows to choose by."""
    ends = np.linspace(0, method.steps, STAGES + 1).round().astype(np.int32)[1:]

    def one(rows: Rows, kept: Rows, key: jax.Array) -> tuple[Any, jax.Array]:
        def stage(state: Any, until: jax.Array) -> tuple[Any, tuple[Any, jax.Array]]:
            state = method.advance(rows, state, until)
            model = method.model(rows, state)
            within = jnp.arange(kept.index.shape[1]) < kept.counts[:, None]
            batch = Batch(kept.values[kept.index.ravel()], kept.targets[kept.index.ravel()], within.ravel() * 1.0)
            return state, (model, loss(rows.loss, model(batch.inputs), batch))

        return jax.lax.scan(stage, method.start(rows, key), jnp.asarray(ends))[1]

    return jax.jit(jax.vmap(one, in_axes=(0, 0, None)))


def _scale(domains: Sequence[Questions], kind: Loss) -> Scale:
    inputs, targets = (np.concatenate([getattr(d, name) for d in domains]) for name in ("inputs", "targets"))
    empty = np.isnan(inputs).all(0)
    median = np.where(empty, 0.0, np.nanmedian(np.where(empty, 0.0, inputs), axis=0))
    filled = np.where(np.isnan(inputs), median, inputs)
    spread = filled.std(0)
    numbers = (float(targets.mean()), float(targets.std()) or 1.0) if kind == "squared error" else (0.0, 1.0)
    return Scale(median, filled.mean(0), np.where(spread > 0, spread, 1.0), numbers)


def _divided(domains: Sequence[Questions], scale: Scale, words: Words | None) -> tuple[Any, Any, Any, Any]:
    """Values, targets, and by domain the row numbers to train on and to choose by (the same where nothing is chosen)."""
    values = scale(np.concatenate([d.inputs for d in domains]))
    targets = np.concatenate([d.targets for d in domains])
    if targets.dtype.kind == "f":
        targets = ((targets - scale.target[0]) / scale.target[1]).astype(np.float32)[:, None]
    ends = np.cumsum([len(d.targets) for d in domains])
    every = np.split(np.arange(ends[-1]), ends[:-1])
    if words is None:
        return values, targets, every, every
    rng = words.split("rows to choose by").generator()
    mixed = [rng.permutation(rows) for rows in every]
    cuts = [math.ceil(KEPT * len(rows)) if len(rows) > 1 else 0 for rows in mixed]
    trained = [rows[cut:] for rows, cut in zip(mixed, cuts, strict=True)]
    return values, targets, trained, [rows[:cut] for rows, cut in zip(mixed, cuts, strict=True)]


def _most(parts: Sequence[Any], side: int) -> tuple[int, int]:
    """The most rows of a fold and of a domain of one: all are filled up to them, so that one program trains all folds."""
    return max(len(part[0]) for part in parts), max(len(rows) for part in parts for rows in part[side])


def _rows(part: tuple[Any, Any, Any, Any], side: int, most: tuple[int, int], task: Any) -> Rows:
    """The rows of one side of a fold; what they are filled up with is never drawn."""
    values, targets = (
        jnp.asarray(np.concatenate([x, np.zeros((most[0] - len(x), *x.shape[1:]), x.dtype)])) for x in part[:2]
    )
    index = np.stack([np.concatenate([rows, np.zeros(most[1] - len(rows), int)]) for rows in part[side]])
    counts = np.array([len(rows) for rows in part[side]])
    return Rows(values, targets, jnp.asarray(index), jnp.asarray(counts), task.outputs, task.loss)


def networks(task: Any, select: Rule = "last") -> tuple[OnTable, ...]:
    """The networks that stand beside a model on a table; where its shift has no domains, those that need none.

    All have one architecture, one optimiser and 1,000 updates of about 64 rows; none is tuned. Labels end with the rule by
    which a step was chosen.
    """
    net, steps, rate = MLP(64, 2), 1000, AdamW(3e-3, schedule="cosine")
    plain = Supervised(net, steps, 64, rate)
    methods: dict[str, Any] = {"ERM": plain}
    if task.folds:
        each = 2 * max(2, 32 // len(task.folds))
        methods |= {
            "group DRO": GroupDRO(net, steps, each, rate),
            "IRM": IRM(net, steps, each, rate, penalty=100.0, warmup=steps // 2),
            "Fish": Fish(net, steps, each, rate),
        }
    methods |= {"SAM": SAM(plain), "averaged": Averaged(plain)}
    return tuple(OnTable(one, select, label=f"net: {name}, {select}") for name, one in methods.items())
