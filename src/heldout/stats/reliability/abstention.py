"""Dynamic Intelligence Assessment's four metrics of answers that may be declined (Tihanyi et al., 2024).

Questions come from templates, k instances of each. Codes: 1 right, 0 declined, -1 wrong.
"""

from typing import Any, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.interval import of_values, quantile

PENALTY = 2.0
"""What a wrong answer costs where a right one earns 1."""

NEAR = 0.8
"""From this share on, and below all, a template is nearly missed."""


class Metric(NamedTuple):
    """An estimate with its 95% interval over templates like these."""

    estimate: float
    low: float
    high: float


class Assessment(NamedTuple):
    """The four metrics.

    `reliability`: mean of +1 right, 0 declined, -2 wrong. `success`: mean share right of a template. `confidence`: share of
    templates with all instances right. `near_miss`: share with at least 80% but not all right.
    """

    reliability: Metric
    success: Metric
    confidence: Metric
    near_miss: Metric


def assess(answers: Any, rng: np.random.Generator, level: float = 0.95, resamples: int = 2_000) -> Assessment:
    """All four from (templates, k) codes, with the percentile interval of resampled templates.

    Instances of one template are answered alike, so the template is the unit. A percentile interval of a share has no width
    at 0 and 1; there, and for shares wherever it is the wider, Wilson's (1927) stands in its place.
    """
    codes = _codes(answers)
    parts = np.stack(list(per_template(codes).values()))
    weights = rng.multinomial(len(codes), np.full(len(codes), 1 / len(codes)), size=resamples) / len(codes)
    low, high = np.quantile(weights @ parts.T, [(1 - level) / 2, (1 + level) / 2], axis=0)
    q = quantile(len(codes), level)
    found = []
    for i, values in enumerate(parts):
        ends = (float(low[i]), float(high[i]))
        if i > 0:
            wilson = of_values(values, q)
            ends = ends if ends[1] - ends[0] > wilson[1] - wilson[0] else wilson
        found.append(Metric(float(values.mean()), *ends))
    return Assessment(*found)


def per_template(answers: Any) -> dict[str, np.ndarray]:
    """What each template adds to the four metrics: (templates,) each."""
    codes = _codes(answers)
    share = (codes == 1).mean(axis=1)
    return {
        "reliability": np.where(codes < 0, -PENALTY, codes).mean(axis=1),
        "success": share,
        "confidence": (share == 1).astype(float),
        "near_miss": ((share >= NEAR) & (share < 1)).astype(float),
    }


def _codes(answers: Any) -> np.ndarray:
    codes = np.asarray(answers)
    if codes.ndim != 2 or not codes.size or not np.isin(codes, (-1, 0, 1)).all():
        raise HeldoutError(
            f"answers of shape {codes.shape}: give templates x instances of 1 right, 0 declined, -1 wrong"
        )
    return codes.astype(float)
