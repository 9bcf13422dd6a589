"""Explaining Grokking through Circuit Efficiency (Varma et al., 2023).

The paper's account: memorising and generalising compete for weights; the efficiency of either is how large its outputs are for the
norm of its weights; memorising gets less efficient the more examples there are, generalising does not, so that there is
a critical number of them, and a network that has grokked forgets when it goes on with fewer.
Kept: addition modulo a prime; random labels to isolate memorising and ample data to isolate generalising; ungrokking from one
grokked network, seed by seed, with fewer and fewer cells and two weight decays; cross entropy and AdamW.
Changed: modulo 23 in place of 113; a perceptron with one hidden layer of 64 on embeddings in place of a transformer of one layer;
minibatches of 64 in place of all examples; every random label is a wrong one. Efficiency is the mean margin of the training
cells over the cube of the norm: a network of three layers without biases has margins that grow as the cube (the biases here
are few, and count as parameters). Held out are the 79 cells that no training has seen, neither before nor after.
Left out: semi-grokking, the constructed model, time-scales, the check by Fourier components that a network only generalises.
Added: the critical size that the efficiencies predict is compared with the one at which ungrokking sets in.
The claims were written after one or two seeds had been tried: 0.17 right of all other cells (0.38 with the larger decay) after going on
with 35% of cells, 0.80 (0.92) with 50%, 1.00 with 65%; log efficiencies of -6.8 and -8.6 for 10% and 65% of random labels and of
-8.1 for generalising.
Found: all eight claims. Going on with a fifth of the cells leaves 8% (the smaller decay) and 2% of unseen ones, with 35% about half, with
65% more than 99%. Half is kept at 34% of the cells under either decay, and both ways are as efficient at 40%. From 25% to 65% of cells
memorising loses a factor of 2.5 of its efficiency, while generalising with 65% costs 3% less than with 85%.
"""

import math

import numpy as np

from heldout import Budget, Claim, Paper, Probe, Study, Trained, all_of, ordered, score, trend
from heldout.core.expression import Applied
from heldout.core.measure import Measure
from heldout.learners.continued import Continued
from heldout.learners.elsewhere import Elsewhere
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.lookup import Lookup
from heldout.probes.norms import norms
from heldout.probes.score import score as scored
from heldout.tasks.formal.modular import Modular

P, LAYERS = 23, 3
SHARES = (0.2, 0.35, 0.5, 0.65)
"""Of all cells: with how many a grokked network goes on."""
RANDOM = (0.1, 0.25, 0.65)
"""Of all cells: to how many random labels are learnt."""
DECAYS = (0.25, 1.0)
ALL_WRONG = 0.9999
FEW, MANY = 0.2, 0.9
"""Accuracies that count as lost and as kept."""

whole = Modular(P, fraction=0.85)


def trained(steps: int, decay: float, label: str = "") -> Supervised:
    """A perceptron."""
    return Supervised(Lookup(32, 64), steps, 64, AdamW(1e-2, decay), label=label)


grokked = trained(2000, DECAYS[1], "grokked")
onwards = Continued(trained(1500, DECAYS[1]), Trained(None, grokked), label="going on with 85%")
memorisers = tuple(
    Elsewhere(trained(2000, DECAYS[1]), Modular(P, fraction=f, corrupted=ALL_WRONG), label=f"random labels, {f:.0%}")
    for f in RANDOM
)


def going_on(decay: float) -> tuple[Continued, ...]:
    """The grokked network, trained on with a share of its cells, for every share."""
    return tuple(
        Continued(
            Elsewhere(trained(1500, decay), Modular(P, fraction=f)),
            Trained(None, grokked),
            label=f"going on with {f:.0%}, decay {decay:g}",
        )
        for f in SHARES
    )


gentle, strong = (going_on(decay) for decay in DECAYS)


def efficiency(table: np.ndarray) -> np.ndarray:
    """Natural logarithms of margin over norm cubed, from (margins, norms) of shape (2, units)."""
    return np.log(np.maximum(table[0], 1e-3)) - LAYERS * np.log(table[1])


def critical(table: np.ndarray) -> np.ndarray:
    """(units,) shares at which accuracy crosses one half, from (shares, units): straight lines in the share's logarithm.

    Above the last share whose accuracy is below one half; the first or last share where there is no crossing.
    """
    at, found = np.log(SHARES), []
    for scores in table.T:
        below = np.flatnonzero(scores < 0.5)
        if len(below) == 0 or below[-1] == len(at) - 1:
            found.append(at[-1 if len(below) else 0])
        else:
            i = below[-1]
            found.append(at[i] + (at[i + 1] - at[i]) * (0.5 - scores[i]) / (scores[i + 1] - scores[i]))
    return np.exp(found)


def meeting(table: np.ndarray) -> np.ndarray:
    """(units,) shares at which memorising is as efficient as generalising, from log efficiencies (shares + 1, units).

    The last row is generalising's. Straight lines in the share's logarithm, the last one drawn on.
    """
    at, found = np.log(RANDOM), []
    for *memorising, generalising in table.T:
        i = max(1, min(len(at) - 1, sum(e > generalising for e in memorising)))
        slope = (memorising[i] - memorising[i - 1]) / (at[i] - at[i - 1])
        found.append(at[i - 1] + (generalising - memorising[i - 1]) / min(slope, -1e-3))
    return np.exp(np.clip(found, math.log(0.01), 0.0))


def apart(table: np.ndarray) -> np.ndarray:
    """(units,) absolute logarithms of the ratio of two numbers, (2, units)."""
    return np.abs(np.log(table[0] / table[1]))


def rise(table: np.ndarray) -> np.ndarray:
    """(units,) differences of two rows, (2, units)."""
    return table[1] - table[0]


def efficiency_of(learner: Supervised | Continued | Elsewhere) -> Measure:
    """The logarithm of what a norm of 1 buys a network on what it was trained on."""
    parts = tuple(score(whole, learner, "train", probe=f"norms.{name}") for name in ("margin", "weights"))
    return Applied(f"log efficiency({learner.name})", efficiency, parts)


def critical_size(learners: tuple[Continued, ...], decay: float) -> Measure:
    """The share of cells below which a grokked network forgets."""
    return Applied(f"critical share(decay {decay:g})", critical, tuple(score(whole, x) for x in learners), (0.0, 1.0))


costs = tuple(efficiency_of(one) for one in memorisers)
generalising = efficiency_of(onwards)
found = critical_size(strong, DECAYS[1])
predicted = Applied("share at which both are as efficient", meeting, (*costs, generalising), (0.0, 1.0))
memorised = all_of(*(score(whole, one, "train", probe="norms.fitted") > 0.95 for one in memorisers))
fits = score(whole, grokked) > 0.95


def change(name: str, one: Measure, other: Measure) -> Measure:
    """By how much a logarithm rises from one to the other, as a measure of its own: its typical value is claimed something of."""
    return Applied(name, rise, (one, other))


def forgets(learners: tuple[Continued, ...]) -> tuple[Claim, Claim]:
    """That a fifth of the cells is too few, and that two thirds are enough."""
    return score(whole, learners[0]) < FEW, score(whole, learners[-1]) > MANY


span = math.log(RANDOM[2] / RANDOM[1])
flat = change("rise of generalising's log efficiency from 85% to 65%", generalising, efficiency_of(strong[-1]))
steep = change("rise of memorising's log efficiency from 25% to 65%", costs[1], costs[2])

study = Study(
    paper=Paper(
        "circuit-efficiency",
        title="Explaining grokking through circuit efficiency",
        year=2023,
        authors="Vikrant Varma, Rohin Shah, Zachary Kenton, János Kramár and Ramana Kumar",
        arxiv="2309.02390",
        published={
            "a grokked network forgets when it goes on with too few cells": "from perfect to low test accuracy",
            "the critical size hardly depends on weight decay": "the transition lies in one place over a range of weight decays",
        },
    ),
    tasks=(whole,),
    learners=(grokked, onwards, *memorisers, *gentle, *strong),
    claims={
        "a grokked network forgets when it goes on with too few cells": all_of(
            forgets(gentle)[0], forgets(strong)[0]
        ).given(fits),
        "and does not when it goes on with enough": all_of(forgets(gentle)[1], forgets(strong)[1]).given(fits),
        "the critical size hardly depends on weight decay: four times the decay moves it by less than a quarter": (
            Applied("log ratio of critical shares", apart, (critical_size(gentle, DECAYS[0]), found)) < math.log(1.25)
        ).given(fits),
        "memorising gets less efficient the more there is to memorise": (trend(costs, RANDOM) < 0).given(memorised),
        "steeply so: by more than the square root of the number of cells": (steep < -0.5 * span).given(memorised),
        "generalising does not: from 85% to 65% of cells its efficiency changes by less than a tenth": all_of(
            flat < 0.1, flat > -0.1
        ).given(score(whole, strong[-1]) > 0.95),
        "so memorising is the more efficient one for few cells, generalising for many": (
            ordered(costs[0], generalising, costs[-1]).given(memorised)
        ),
        "the critical size is where both are as efficient, within a factor of 1.5": (
            (Applied("log ratio of shares predicted and found", apart, (predicted, found)) < math.log(1.5)).given(
                memorised
            )
        ),
    },
    probes=(Probe(scored, n=P * P), Probe(norms, on=("train",), n=1000)),
    budget=Budget(seeds=16, minutes=10),
    measures={
        "critical share, decay 0.25": critical_size(gentle, DECAYS[0]),
        "critical share, decay 1": found,
        "share at which both are as efficient": predicted,
        "log efficiency of generalising": generalising,
    },
)
