"""What a law would have said before the larger scales were known."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.fit import Fitted
from heldout.stats.forecasts.points import Points

RESAMPLES, MOST = 40, 24
"""Refits behind each spread, enough for a standard deviation, and scales that are predicted, evenly spread where there are more."""


class Forecaster(Protocol):
    """A law, or something naive, that can be fitted to points."""

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    @property
    def parameters(self) -> int:
        """How many numbers are fitted."""
        ...

    @property
    def log(self) -> bool:
        """Whether errors are symmetric in logarithms."""
        ...

    def fitted(self, given: Points, resamples: int, rng: np.random.Generator) -> Fitted:
        """The law fitted, with so many refits."""
        ...


@dataclass(frozen=True, eq=False)
class Backtest:
    """Hidden scores and what was predicted, (m,) each.

    `spread`: the standard deviation stated beforehand, in logarithms if `log`. `cut`: the largest scale that was seen.
    """

    x: np.ndarray
    truth: np.ndarray
    predicted: np.ndarray
    spread: np.ndarray
    cut: np.ndarray
    log: bool

    def __len__(self) -> int:
        return len(self.x)

    @property
    def error(self) -> float:
        """Mean absolute error, in units of the score."""
        return float(np.abs(self.truth - self.predicted).mean()) if len(self) else float("nan")

    @property
    def standardised(self) -> np.ndarray:
        """(m,) errors over what was stated: about 1 in size if the law's own errors are honest."""
        off = np.log(self.truth / self.predicted) if self.log else self.truth - self.predicted
        return off / np.maximum(self.spread, 1e-12)


def one_step(law: Forecaster, given: Points, rng: np.random.Generator, *, least: int | None = None) -> Backtest:
    """Each scale from the `least`-th on predicted from all smaller ones; by default from the first that the law can take."""
    first = max(law.parameters + 1, 2) if least is None else max(least, law.parameters + 1)
    count = len(given.scales)
    chosen = np.unique(np.linspace(1, count - 1, min(MOST, count - 1)).round().astype(int)) if count > 1 else []
    return _tested(law, given, [(s, given.at(s)) for s in given.scales[[i for i in chosen if i >= first]]], rng)


def tail(law: Forecaster, given: Points, rng: np.random.Generator, *, factor: float = 10.0) -> Backtest:
    """All scales above the largest divided by `factor`, predicted from those below it."""
    cut = given.x[-1] / factor
    hidden = Points(given.x[given.x > cut], given.y[given.x > cut])
    start = hidden.x[0]
    if len(given.below(start).scales) <= law.parameters:
        raise HeldoutError(
            f"hiding the top factor of {factor:g} leaves {len(given.below(start).scales)} scales for the "
            f"{law.parameters} parameters of {law.name}: hide less"
        )
    return _tested(law, given, [(start, hidden)], rng)


def _tested(law: Forecaster, given: Points, cuts: list[tuple[float, Points]], rng: np.random.Generator) -> Backtest:
    parts: list[tuple[np.ndarray, ...]] = []
    for start, hidden in cuts:
        known = given.below(start)
        fit = law.fitted(known, RESAMPLES, rng)
        seen = np.full(len(hidden), known.x[-1])
        parts.append((hidden.x, hidden.y, fit.at(hidden.x), fit.spread(hidden.x), seen))
    columns = [np.concatenate(c) for c in zip(*parts, strict=True)] if parts else [np.empty(0)] * 5
    x, truth, predicted, spread, cut = columns
    return Backtest(x, truth, predicted, spread, cut, law.log)
