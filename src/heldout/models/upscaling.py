"""Forecasts of (asked, tasks) scores from those of models with less compute."""

import numpy as np

from heldout.core.seeds import Words
from heldout.stats.forecasts import observational
from heldout.stats.forecasts.fit import best
from heldout.stats.forecasts.sigmoid import Sigmoid
from heldout.tasks.estimation.upscaling import Known

STARTS = 4


def sigmoid(known: Known, key: Words) -> np.ndarray:
    """A sigmoid of each task in log compute, from its chance to 1."""
    rng = key.generator()
    logs = np.log(known.compute)
    found = np.empty((len(known.asked), known.scores.shape[1]))
    for chance in np.unique(known.chance):
        inside = known.chance == chance
        law = Sigmoid(float(chance))
        theta = best(law, logs - logs.mean(), known.scores[:, inside].T, rng, delta=0.05, count=STARTS)
        found[:, inside] = law.curve(theta, np.log(known.asked) - logs.mean()).T
    return found


def line(known: Known, key: Words) -> np.ndarray:  # noqa: ARG001
    """A straight line of each task in log compute, cut to what scores can be."""
    logs = np.log(known.compute)
    off = logs - logs.mean()
    slope = off @ known.scores / (off @ off)
    return np.clip(known.scores.mean(0) + np.outer(np.log(known.asked) - logs.mean(), slope), 0, 1)


def last(known: Known, key: Words) -> np.ndarray:  # noqa: ARG001
    """The scores of the seen model with most compute."""
    return np.tile(known.scores[np.argmax(known.compute)], (len(known.asked), 1))


def mean(known: Known, key: Words) -> np.ndarray:  # noqa: ARG001
    """The mean of the models seen."""
    return np.tile(known.scores.mean(0), (len(known.asked), 1))


def families(known: Known, key: Words) -> np.ndarray:  # noqa: ARG001
    """Observational scaling: three capabilities, their lines in log compute within families, tasks by capabilities.

    A family that was not seen gets the mean line.
    """
    found = observational.capabilities(known.scores, 3)
    ahead = np.empty((len(known.asked), 3))
    for k in range(3):
        lines = observational.trend(found.values[:, k], known.compute, known.family, shared=True)
        places = [lines.families.index(str(f)) if str(f) in lines.families else -1 for f in known.asked_family]
        offsets = np.array([lines.offsets[p] if p >= 0 else lines.offsets.mean() for p in places])
        ahead[:, k] = offsets + lines.slopes[0] * np.log(known.asked)
    odds = found.centre + ahead @ found.loadings
    return 1 / (1 + np.exp(-odds))
