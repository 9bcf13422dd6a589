"""Whether confidence is deserved: calibration errors, and what a Brier score is made of."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.sample import sample

Cut = Literal["width", "mass"]


@dataclass(frozen=True, eq=False)
class Bins:
    """Items in bins of confidence, empty bins left out. `counts`, `confidence`, `accuracy`: (bins,); the latter two means."""

    counts: np.ndarray
    confidence: np.ndarray
    accuracy: np.ndarray

    @property
    def gaps(self) -> np.ndarray:
        """(bins,) accuracy minus confidence: the reliability diagram less its diagonal."""
        return self.accuracy - self.confidence

    @property
    def shares(self) -> np.ndarray:
        """(bins,) of all items."""
        return self.counts / self.counts.sum()


def binned(confidence: Any, correct: Any, bins: int = 15, cut: Cut = "width") -> Bins:
    """Items by confidence: `width` cuts [0, 1] into equal parts (Naeini et al., 2015), `mass` the items into equal numbers.

    `confidence`: (items,) in [0, 1]; `correct`: (items,) of 0 and 1. With `mass`, items of equal confidence may be parted.
    """
    sure, right = _checked(confidence, correct)
    if bins < 1:
        raise HeldoutError(f"{bins} bins: give at least one")
    if cut == "width":
        place = np.minimum((sure * bins).astype(int), bins - 1)
    elif cut == "mass":
        place = np.empty(len(sure), int)
        place[np.argsort(sure, kind="stable")] = np.arange(len(sure)) * bins // len(sure)
    else:
        raise HeldoutError(f"no way to cut bins is called {cut!r}: give 'width' or 'mass'")
    return _grouped(place, sure, right)


def expected_error(confidence: Any, correct: Any, bins: int = 15, cut: Cut = "width") -> float:
    """Expected calibration error, ECE: the mean over items of |accuracy - confidence| in their bin.

    Biased: chance alone moves accuracy in a bin, so that a perfect forecaster has about sqrt(bins / n) x 0.3 to 0.4, and within
    a wide bin over- and underconfidence cancel. Compare systems at one n and number of bins, or use `debiased_error`.
    """
    found = binned(confidence, correct, bins, cut)
    return float(found.shares @ np.abs(found.gaps))


def maximum_error(confidence: Any, correct: Any, bins: int = 15, cut: Cut = "width") -> float:
    """Maximum calibration error: that of the worst bin (Naeini et al., 2015)."""
    return float(np.abs(binned(confidence, correct, bins, cut).gaps).max())


def debiased_error(confidence: Any, correct: Any, bins: int = 15, cut: Cut = "mass") -> float:
    """The squared calibration error of the bins, less what chance alone adds (Bröcker, 2012; Kumar et al., 2019).

    Sum over bins of share x (gap^2 - a (1 - a) / (count - 1)) for accuracy a. Its expectation is 0 for a calibrated
    forecaster whose bins hold equal confidences, and close to it otherwise; it may be negative. Bins of one item are refused.
    """
    found = binned(confidence, correct, bins, cut)
    if (found.counts < 2).any():
        raise HeldoutError(
            f"a bin holds one item, whose chance cannot be told: give fewer than {bins} bins, or cut='mass'"
        )
    chance = found.accuracy * (1 - found.accuracy) / (found.counts - 1)
    return float(found.shares @ (found.gaps**2 - chance))


@dataclass(frozen=True)
class Brier:
    """The mean squared error of a probability, score = reliability - resolution + uncertainty (Murphy, 1973).

    `reliability`: squared miscalibration, 0 is best. `resolution`: how far outcomes differ between forecasts, more is better.
    `uncertainty`: of the base rate; no forecaster's merit or fault.
    """

    score: float
    reliability: float
    resolution: float
    uncertainty: float


def brier(probability: Any, outcome: Any) -> Brier:
    """The Brier score (1950) and its parts, over every distinct forecast: exact, with no binning.

    `probability`: (items,) in [0, 1]; `outcome`: (items,) of 0 and 1. Where every forecast is distinct, reliability and
    resolution say nothing (each bin holds one item): round the forecasts first, which changes the score a little.
    """
    said, came = _checked(probability, outcome)
    found = _grouped(np.unique(said, return_inverse=True)[1].reshape(-1), said, came)
    rate = float(came.mean())
    return Brier(
        float(((said - came) ** 2).mean()),
        float(found.shares @ found.gaps**2),
        float(found.shares @ (found.accuracy - rate) ** 2),
        rate * (1 - rate),
    )


def _grouped(place: np.ndarray, sure: np.ndarray, right: np.ndarray) -> Bins:
    counts = np.bincount(place)
    there = counts > 0
    means = [np.bincount(place, x)[there] / counts[there] for x in (sure, right)]
    return Bins(counts[there], means[0], means[1])


def _checked(confidence: Any, correct: Any) -> tuple[np.ndarray, np.ndarray]:
    sure, right = sample(confidence, "the confidences"), sample(correct, "the outcomes")
    if len(sure) != len(right):
        raise HeldoutError(f"{len(sure)} confidences and {len(right)} outcomes: give one of each per item")
    if ((sure < 0) | (sure > 1)).any():
        raise HeldoutError(f"a confidence is {sure[(sure < 0) | (sure > 1)][0]:g}, and must lie within 0 and 1")
    if not np.isin(right, (0.0, 1.0)).all():
        raise HeldoutError("an outcome is neither 0 nor 1: say whether each answer was right")
    return sure, right
