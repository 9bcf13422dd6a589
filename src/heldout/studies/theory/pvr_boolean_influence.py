"""Learning to Reason with Neural Networks: Generalization, Unseen Data and Boolean Measures (Abbe et al., 2022).

Kept: pointer value retrieval with 3 pointer places, 8 value places and a cyclic window of 3; one place frozen at +1 in training,
the whole cube asked; half the squared error there against the Boolean influence of the frozen place; a transformer and a
perceptron trained on squared error with Adam; the linear model; that functions less stable under noise are harder to learn.
Changed: the transformer has 2 layers of 32 instead of 12 of 256; the perceptron has 4 hidden layers of 128 instead of one of 512, 1024,
512 and 64; training takes 1,200 updates (of 32 points) and 1,500 (of 64); 85% of the half cube are shown, and the rest stand for
it. The linear model starts from zeros, so that it has a closed form, which is ours: the weight of the frozen place and the bias see
the same gradients and share what the place is worth, so that a quarter of the influence is lost (none of it where depth makes
the bias learn first, which is the paper's case of linear networks). Noise stability is compared between two functions on
the same points, not bounded.
Left out: MLP-Mixer and mean-field networks, 4 pointer places, staircases, the coefficients learnt along the way.
The claims were written after pilots with other seeds: transformers of two seeds had lost 0.46 where place 0 is frozen
(influence 0.5) and 0.16 to 0.19 where place 4 is (0.1875); perceptrons of the shape used 0.38 and 0.41 where place 0 is frozen, and
of other shapes and starts 0.38 to 0.47 and 0.18 to 0.37, so that the claim on them was written in doubt. Parity had not been tried.
Found: the linear model loses a quarter of the influence, to the fourth digit. The transformer loses 0.185 where a value place is frozen
(influence 0.1875) and 0.461 where a pointer place is (0.5): less than it, by so much that 16 seeds leave open whether by less
than 0.06. The perceptron loses 0.198 and 0.404, the second likewise undecided at its margin of 0.1; what it falls short by is no
noise (95% interval of its loss 0.385 to 0.427): narrow, trained fast, it is far from the paper's. The order of places holds, and parity
is learnt less well than majority.
"""

import math
from dataclasses import dataclass

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout import Budget, Claim, Measure, Paper, Probe, Study, all_of, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models import Architecture, Predictor
from heldout.models.dense import Dense
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.models.rnn import even
from heldout.models.transformer import Layer, layer
from heldout.probes.score import score as asked
from heldout.tasks.formal.boolean_cube import HOLDOUT, BooleanCube
from heldout.tasks.formal.pointer_value import PointerValue, Weighted

FITS = 0.95
"""The score on points of the half that was trained on; 1 is exact, 0.75 is nothing learnt."""


@dataclass(frozen=True)
class Scaled:
    """An architecture whose weights all start `scale` times as large."""

    architecture: Architecture
    scale: float

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.architecture.name} x {self.scale:g}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Predictor:
        """An untrained model."""
        return jax.tree.map(lambda w: self.scale * w, self.architecture.build(key, inputs, outputs))


class Reader(eqx.Module):
    """A token per place: what it holds, and where it stands; the mean of the tokens is read out."""

    held: jax.Array
    places: jax.Array
    layers: tuple[Layer, ...]
    head: Dense

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, places) to (n, outputs)."""
        hidden = inputs[..., None] * self.held + self.places
        for one in self.layers:
            hidden = one(hidden, jnp.ones(inputs.shape, bool))
        return self.head(hidden.mean(1))


@dataclass(frozen=True)
class PlaceTransformer:
    """A transformer encoder that reads the places of a cube, with learnt encodings of where they stand."""

    width: int = 32
    depth: int = 2
    heads: int = 4

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"transformer {self.depth}x{self.width}"

    def build(self, key: jax.Array, inputs: tuple[int, ...], outputs: int) -> Reader:
        """An untrained model."""
        keys = jax.random.split(key, self.depth + 1)
        held, places, head = even(keys[0], [(1, self.width), (inputs[0], self.width), (self.width, outputs)])
        layers = tuple(layer(one, self.width, self.heads, "none") for one in keys[1:])
        return Reader(held[0], places * math.sqrt(inputs[0]), layers, Dense(head))


WEIGHTS = (0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.04, 0.03, 0.03, 0.02, 0.01)
total = BooleanCube(Weighted(WEIGHTS), 0, label="weighted sum, place 0 frozen")
pointer, value = (BooleanCube(PointerValue(3, 3, "majority"), place) for place in (0, 4))
parity = BooleanCube(PointerValue(3, 3, "parity"), 4)

linear = Supervised(Scaled(Linear(), 0.0), 1500, 64, AdamW(1e-2, 0.0), label="linear")
mlp = Supervised(Scaled(MLP(128, 4), 0.41), 1500, 64, AdamW(3e-4, 0.0), label="MLP")
transformer = Supervised(PlaceTransformer(), 1200, 32, AdamW(3e-3, 0.0, schedule="cosine"), label="transformer")


def loss(task: BooleanCube, learner: Supervised) -> Measure:
    """Half the mean squared error on the whole cube: a quarter of that on either half, added."""
    return 2.0 - score(task, learner, "iid") - score(task, learner, HOLDOUT)


def fits(task: BooleanCube, learner: Supervised) -> Claim:
    """The condition that the half trained on is known, points not shown among them."""
    return score(task, learner, "iid") > FITS


def close(learner: Supervised, margin: float) -> Claim:
    """That the loss lies near the influence of the frozen place, for a pointer place and a value place."""
    return all_of(*(loss(t, learner).near(t.influence, margin).given(fits(t, learner)) for t in (pointer, value)))


study = Study(
    paper=Paper(
        "pvr-boolean-influence",
        title="Learning to Reason with Neural Networks: Generalization, Unseen Data and Boolean Measures",
        year=2022,
        authors=(
            "Emmanuel Abbe, Samy Bengio, Elisabetta Cornacchia, Jon Kleinberg, Aryo Lotfi, Maithra Raghu and Chiyuan Zhang"
        ),
        arxiv="2205.13647",
        published={
            "a transformer loses the influence of the frozen place": (
                "under canonical holdout the Boolean influence characterises the generalization error, "
                "for transformers and perceptrons by experiment"
            ),
        },
    ),
    tasks=(total, pointer, value, parity),
    learners=(linear, mlp, transformer),
    claims={
        "a linear model that starts from zeros loses a quarter of it, exactly": (
            loss(total, linear).near(total.influence / 4.0, 0.001)
        ),
        "a transformer loses the influence of the frozen place": close(transformer, 0.06),
        "so does a perceptron, less closely": close(mlp, 0.1),
        "the place of more influence costs more": all_of(
            *(
                (loss(pointer, one) > loss(value, one)).given(fits(pointer, one)).given(fits(value, one))
                for one in (mlp, transformer)
            )
        ),
        "a function less stable under noise is learnt less well, where nothing shifts": (
            score(value, mlp, "iid") > score(parity, mlp, "iid")
        ),
    },
    probes=(Probe(asked, n=1024),),
    budget=Budget(seeds=16, minutes=8),
    measures={
        f"loss, {one.name}, {t.name}": loss(t, one)
        for t in (total, pointer, value, parity)
        for one in (mlp, transformer)
    },
)
