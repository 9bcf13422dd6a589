"""Deeper, Broader and Artier Domain Generalization (Li et al., 2017): PACS.

Kept: the same classes as photographs, paintings, cartoons and sketches, no image in two styles; training on three, asking about the
fourth, for each of the four; a network whose weights are contracted with a code of the domain and have a low rank (Tucker), asked with
the bit that all domains share; the same without low rank (undo bias); pooled training; the drop from known styles to the unseen one.
Changed: ten classes of real handwritten digits, drawn in styles by a program, 1,100 in each, 16x16 pixels, take the place of objects
in 9,991 found images; a convolutional network of two layers, not pretrained, that of AlexNet; a kernel is a matrix of channels by
channels and pixels, so that its tensor has three sides, not five; ranks are at most 2, 16 and 16, where the paper takes
those that keep a share of the pretrained weights. Batches have equally many digits of every style for all methods: pooled training is
group DRO with weights that never move.
Left out: VLCS, and so the drop on photographs, of which the paper's figure is the bound of a claim; shallow methods, D-MTAE and
DSN; the divergence of features as a measure of shift; single sources.
The claims were written after pooled training had been tried on one or three seeds with other networks, digits and drawings (of known
styles 0.86 right, of sketches 0.85 in the last; photographs 0.71 before), and the other two for 50 updates on sketches (0.36 and 0.22 of
known styles, 0.45 and 0.19 of sketches). That sketches are hardest was known to be unlikely: cartoons have outlines as well.
Found: two of five claims; two are refuted and one is void. Pooled training has 84% right in known styles and 71% in the unseen one
(sketches 82%, photographs 78%, cartoons 68%, paintings 54%), so that a style costs 13 points. The low-rank network is behind it by
6 points on unseen styles (65%) and 5 on known ones. Undo bias without low rank is right about half of the digits in known styles (31%
unseen) when it is asked without a style's bit. We believe the refutation for trainings like this one: Adam's steps are as long for a
style's own weights as for shared ones, so that much of what is learnt sits where the network that answers does not have it; the paper
starts from a pretrained network (that this is the reason was not tested). The order of styles is that of our drawings.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from heldout import Budget, Claim, Measure, Paper, Probe, Study, all_of, score
from heldout.core.expression import Applied
from heldout.learners.domains.group_dro import GroupDRO
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import State, loss
from heldout.models import Architecture, Predictor
from heldout.models.cnn import CNN
from heldout.probes.score import score as asked
from heldout.tasks.domains import Domains, of_each
from heldout.tasks.interfaces import Batch
from heldout.tasks.vision.styles import PACS, Styles


class Tucker(NamedTuple):
    """A tensor (codes, rows, columns) as a core and three factors (size, rank)."""

    core: jax.Array
    factors: tuple[jax.Array, jax.Array, jax.Array]


def tucker(tensor: jax.Array, ranks: tuple[int, int, int]) -> Tucker:
    """The truncated higher-order singular value decomposition (De Lathauwer et al., 2000) of a tensor."""
    factors = []
    for axis, rank in enumerate(ranks):
        unfolded = jnp.moveaxis(tensor, axis, 0).reshape(tensor.shape[axis], -1)
        factors.append(jnp.linalg.svd(unfolded, full_matrices=False)[0][:, :rank])
    return Tucker(jnp.einsum("dij,da,ib,jc->abc", tensor, *factors), (factors[0], factors[1], factors[2]))


def of_code(part: Any, code: jax.Array) -> jax.Array:
    """The weights of one layer for a code: the contraction of their tensor, or of its decomposition, with it."""
    if not isinstance(part, Tucker):
        return jnp.tensordot(code, part, 1)
    domains, rows, columns = part.factors
    return rows @ jnp.tensordot(code @ domains, part.core, 1) @ columns.T


@dataclass(frozen=True)
class Coded:
    """Networks whose weights are linear in a code of the domain: a bit for each, and one that is always on.

    Trained on every domain with its bits, the network that answers has the always-on bit only. Weights are those that all domains
    share and a domain's own (undo bias: Khosla et al., 2012); with `ranks` the tensor of a layer's weights over code, rows and columns
    has no more than these ranks (Tucker), and what it starts from is cut to them. A domain's own start at `own` of the
    usual size. `batch`: examples of every domain in an update.
    """

    architecture: Architecture
    steps: int
    batch: int = 16
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    ranks: tuple[int, int, int] | None = None
    own: float = 0.1
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"

    @property
    def name(self) -> str:
        """The label, else the architecture and the method."""
        return self.label or f"{self.architecture.name}, {'undo bias' if self.ranks is None else 'low rank'}"

    def start(self, task: Domains, key: jax.Array) -> State:
        """Weights of every bit before the first update; the last bit is the one that is always on."""
        keys = jax.random.split(jax.random.fold_in(key, 0), len(task.domains) + 1)
        every = jax.vmap(lambda k: self.architecture.build(k, task.inputs, task.outputs))(keys)
        size = jnp.full(len(keys), self.own).at[-1].set(1.0)
        parts = [self._part(jnp.einsum("d,d...->d...", size, leaf)) for leaf in jax.tree.leaves(every)]
        optimiser = self.optimiser.build(self.steps)
        return State(jnp.int32(0), jax.random.fold_in(key, 1), parts, optimiser.init(parts))

    def _part(self, leaf: jax.Array) -> Any:
        if self.ranks is None or leaf.ndim < 3:
            return leaf
        a, b, c = (min(rank, size) for rank, size in zip(self.ranks, leaf.shape, strict=True))
        return tucker(leaf, (a, b, c))

    def advance(self, task: Domains, state: State, until: Any) -> State:
        """The state after update `until`."""
        optimiser, codes = self.optimiser.build(self.steps), bits(len(task.domains))

        def objective(parts: Any, batch: Batch) -> jax.Array:
            def of_domain(code: jax.Array, one: Batch) -> jax.Array:
                return loss(task.loss, self.network(task, parts, code)(one.inputs), one)

            return jax.vmap(of_domain)(codes, batch).mean()

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            parts, moments = carry
            batch = of_each(task, jax.random.fold_in(state.key, step), self.batch)
            changes, moments = optimiser.update(jax.grad(objective)(parts, batch), moments, parts)
            return jax.tree.map(jnp.add, parts, changes), moments

        parts, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, parts, moments)

    def network(self, task: Domains, parts: Any, code: jax.Array) -> Predictor:
        """The network of a code."""
        shape = jax.eval_shape(lambda: self.architecture.build(jax.random.key(0), task.inputs, task.outputs))
        return jax.tree.unflatten(jax.tree.structure(shape), [of_code(part, code) for part in parts])

    def model(self, task: Domains, state: State) -> Predictor:
        """The network of no domain."""
        return self.network(task, state.model, jnp.zeros(len(task.domains) + 1).at[-1].set(1.0))


def bits(domains: int) -> jax.Array:
    """(domains, domains + 1): the code of each."""
    return jnp.concatenate([jnp.eye(domains), jnp.ones((domains, 1))], 1)


STEPS, EACH = 800, 16
"""Updates; digits of each style in one."""

known = {style: Styles(style, data="mnist") for style in PACS}
net, rate = CNN((8, 16), (2, 2)), AdamW(1e-2, schedule="cosine")

pooled = GroupDRO(net, STEPS, EACH, rate, rate=0.0, label="pooled")
undo = Coded(net, STEPS, EACH, rate, label="undo bias")
low = Coded(net, STEPS, EACH, rate, (2, 16, 16), label="low rank")


def mean(table: np.ndarray) -> np.ndarray:
    """(units,) means of rows."""
    return table.mean(0)


def fall(table: np.ndarray) -> np.ndarray:
    """(units,) differences of two rows."""
    return table[0] - table[1]


def seen(learner: Any) -> Measure:
    """Accuracy on digits not trained on in styles that are, the mean over what is left out."""
    parts = tuple(score(task, learner) for task in known.values())
    return Applied(f"known styles({learner.name})", mean, parts, (0.0, 1.0))


def unseen(learner: Any) -> Measure:
    """Accuracy in the style left out, the mean over styles."""
    parts = tuple(score(task, learner, style) for style, task in known.items())
    return Applied(f"unseen styles({learner.name})", mean, parts, (0.0, 1.0))


def fits(learner: Any) -> Claim:
    """The condition that the learner tells digits in styles that it knows."""
    return seen(learner) > 0.7


drop = Applied("drop(pooled)", fall, (seen(pooled), unseen(pooled)), (-1.0, 1.0))

study = Study(
    paper=Paper(
        "pacs",
        title="Deeper, Broader and Artier Domain Generalization",
        year=2017,
        authors="Da Li, Yongxin Yang, Yi-Zhe Song and Timothy M. Hospedales",
        arxiv="1710.03077",
        published={
            "low rank is more often right than pooled training on unseen styles": "69.2% on average over the four styles",
            "an unseen style costs more than the ten points of photographs": (
                "20.2 points on PACS, 10.0 on VLCS, on average over sources and targets"
            ),
            "sketches are the hardest to get right unseen": "57.5%, the lowest of four",
        },
    ),
    tasks=tuple(known.values()),
    learners=(pooled, undo, low),
    claims={
        "low rank is more often right than pooled training on unseen styles": (
            (unseen(low) > unseen(pooled)).given(fits(low)).given(fits(pooled))
        ),
        "and than undo bias without low rank": (unseen(low) > unseen(undo)).given(fits(low)).given(fits(undo)),
        "pooled training is a strong baseline: more than half right in each style unseen": all_of(
            *(score(task, pooled, style) > 0.5 for style, task in known.items())
        ),
        "an unseen style costs more than the ten points of photographs": (drop > 0.1).given(fits(pooled)),
        "sketches are the hardest to get right unseen": all_of(
            *(score(known["sketch"], pooled, "sketch") < score(known[s], pooled, s) for s in PACS if s != "sketch")
        ).given(fits(pooled)),
    },
    probes=(Probe(asked, on=("iid", "*"), n=600),),
    budget=Budget(seeds=12, minutes=10),
    measures={
        "drop from known styles to the unseen one, pooled": drop,
        **{f"{style} unseen, pooled": score(task, pooled, style) for style, task in known.items()},
        **{f"unseen styles, {one.name}": unseen(one) for one in (pooled, undo, low)},
    },
)
