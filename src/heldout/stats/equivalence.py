"""Equivalence: whether a difference is small enough not to matter, by a margin stated beforehand."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from scipy.stats import norm

from heldout.core.errors import HeldoutError
from heldout.stats import means
from heldout.stats.finding import Finding
from heldout.stats.sample import sample

Answer = Literal["equivalent", "different", "undecided"]


@dataclass(frozen=True)
class Equivalence:
    """The outcome of two one-sided tests.

    `equivalent`: the 1 - 2 alpha interval lies inside the margin; `different`: it lies outside; `undecided` otherwise.
    `p`: the larger of the two one-sided p-values. `needed`: roughly how many units in all (pairs, or values of both
    samples) would show equivalence with 80% probability if the true difference were the observed one; None where none
    would.
    """

    answer: Answer
    p: float
    margin: float
    finding: Finding
    needed: int | None


def paired(a: Any, b: Any = None, *, margin: float, alpha: float = 0.05) -> Equivalence:
    """Tests whether the mean of paired differences lies within -margin .. margin (Schuirmann, 1987; paired t)."""
    return _decided(means.paired(a, b, alpha=_both(alpha)), _p(means.paired, a, b, margin), margin, alpha)


def unpaired(a: Any, b: Any, *, margin: float, alpha: float = 0.05) -> Equivalence:
    """Tests whether two means differ by less than `margin` (Schuirmann, 1987; Welch's t)."""
    return _decided(means.unpaired(a, b, alpha=_both(alpha)), _p(means.unpaired, a, b, margin), margin, alpha)


def _both(alpha: float) -> float:
    if not 0 < alpha < 0.5:
        raise HeldoutError(f"alpha is {alpha}, and must lie strictly between 0 and 0.5")
    return 2 * alpha


def _p(test: Callable[..., Finding], a: Any, b: Any, margin: float) -> float:
    if not (margin > 0 and math.isfinite(margin)):
        raise HeldoutError(f"the margin is {margin}: state a positive difference that would not matter")
    first = sample(a, "the first sample", 2)
    return max(test(first + margin, b, alternative="greater").p, test(first - margin, b, alternative="less").p)


def _decided(finding: Finding, p: float, margin: float, alpha: float) -> Equivalence:
    answer: Answer = "undecided"
    if -margin < finding.low and finding.high < margin:
        answer = "equivalent"
    elif finding.low > margin or finding.high < -margin:
        answer = "different"
    return Equivalence(answer, p, margin, finding, _needed(finding, margin, alpha))


def _needed(finding: Finding, margin: float, alpha: float) -> int | None:
    """Units: n (z_alpha + z_beta)^2 SE^2 / (margin - |difference|)^2; near 0 either side may fail."""
    room = margin - abs(finding.estimate)
    if room <= 0 or not math.isfinite(finding.low):
        return None
    error = (finding.high - finding.low) / 2 / float(norm.isf(alpha))
    miss = 0.1 if abs(finding.estimate) < error / 2 else 0.2
    return max(math.ceil(finding.n * ((norm.isf(alpha) + norm.isf(miss)) * error / room) ** 2), 3)
