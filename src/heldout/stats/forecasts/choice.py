"""Several laws put to the same back-test, naive ones among them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.forecasts.backtest import Backtest, Forecaster, one_step
from heldout.stats.forecasts.fit import Fitted
from heldout.stats.forecasts.points import Points

RESAMPLES = 300


@dataclass(frozen=True, eq=False)
class Candidate:
    """A law, its fit to everything, its back-test over the scales that all candidates were tested on.

    `tested`: its whole back-test; `error`: mean absolute error over the common scales, NaN where there are none.
    """

    law: Forecaster
    fit: Fitted
    tested: Backtest
    error: float


@dataclass(frozen=True, eq=False)
class Choice:
    """The candidates, best back-test first, the scales they were compared on, and why others are missing."""

    candidates: tuple[Candidate, ...]
    scales: np.ndarray
    left_out: tuple[tuple[str, str], ...]

    @property
    def best(self) -> Candidate:
        """The candidate with the least error."""
        return self.candidates[0]


def choose(laws: Sequence[Forecaster], given: Points, rng: np.random.Generator, *, least: int = 1) -> Choice:
    """Back-test every law one step ahead and order them by error on the scales that all could predict.

    A law that could be tested on fewer than `least` scales, or not fitted, is left out with the reason, and does not
    shorten the comparison. HeldoutError where no law is left.
    """
    kept: list[tuple[Forecaster, Fitted, Backtest]] = []
    missing: list[tuple[str, str]] = []
    for law in laws:
        try:
            fit, tested = law.fitted(given, RESAMPLES, rng), one_step(law, given, rng)
        except HeldoutError as error:
            missing.append((law.name, str(error)))
            continue
        if len(np.unique(tested.x)) < least and law.parameters > 2:
            missing.append((law.name, f"only {len(np.unique(tested.x))} scales left to test it on"))
        else:
            kept.append((law, fit, tested))
    if not kept:
        raise HeldoutError(
            f"no law can be fitted: {missing[0][0]}: {missing[0][1]}" if missing else "no laws to choose from"
        )
    scales = _common([tested for _, _, tested in kept])
    made = [Candidate(law, fit, tested, _error(tested, scales)) for law, fit, tested in kept]
    ordered = sorted(made, key=lambda c: (np.inf if np.isnan(c.error) else c.error, c.law.parameters))
    return Choice(tuple(ordered), scales, tuple(missing))


def _common(tests: list[Backtest]) -> np.ndarray:
    found = np.unique(tests[0].x)
    for tested in tests[1:]:
        found = np.intersect1d(found, tested.x)
    return found


def _error(tested: Backtest, scales: np.ndarray) -> float:
    inside = np.isin(tested.x, scales)
    return float(np.abs(tested.truth - tested.predicted)[inside].mean()) if inside.any() else float("nan")
