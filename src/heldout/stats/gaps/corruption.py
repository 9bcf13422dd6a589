"""Errors under corruption and perturbation, as Hendrycks and Dietterich (2019) count them."""

from typing import Any, Literal

import numpy as np

from heldout.core.errors import HeldoutError


def corruption_error(errors: Any, reference: Any) -> np.ndarray:
    """Mean corruption error, mCE, in percent of the reference's: (...,).

    `errors`, `reference`: (kinds, ...) error of each kind of corruption, the mean (or sum) over severities; both the same. A
    ratio of sums over severities is a ratio of means. 100: as bad as the reference.
    """
    ours, theirs = np.asarray(errors, float), np.asarray(reference, float)
    _divisible(theirs, "error")
    return percent(ours, theirs)


def relative_corruption_error(clean: Any, errors: Any, reference_clean: Any, reference: Any) -> np.ndarray:
    """Relative mCE, in percent: the error that corruption adds, against what it adds to the reference's: (...,).

    `clean`, `reference_clean`: (...,) errors without corruption; the others as in `corruption_error`.
    """
    theirs = np.asarray(reference, float) - np.asarray(reference_clean, float)
    _divisible(theirs, "error added by corruption")
    return percent(np.asarray(errors, float) - np.asarray(clean, float), theirs)


def percent(ours: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """The mean over kinds (the first axis) of 100 times the ratio; what is divided by 0 is infinite or NaN."""
    return 100.0 * (ours / theirs).mean(0)


def flip_probability(answers: Any, against: Literal["previous", "first"] = "previous") -> np.ndarray:
    """The share of frames on which the answer changes along a sequence: (...,) from (..., frames) of anything comparable.

    `against`: the frame before, or the first frame, as is published for sequences of noise, whose frames have no order.
    """
    frames = np.asarray(answers)
    if frames.ndim < 1 or frames.shape[-1] < 2:
        raise HeldoutError(f"answers have shape {frames.shape}: give at least two frames along the last axis")
    if against not in ("previous", "first"):
        raise HeldoutError(f"flips against {against!r}: give 'previous' or 'first'")
    before = frames[..., :-1] if against == "previous" else frames[..., :1]
    return (frames[..., 1:] != before).mean(axis=-1)


def flip_rate(flips: Any, reference: Any) -> np.ndarray:
    """Mean flip rate, mFR, in percent: flip probabilities of each kind divided by the reference's: (...,) from (kinds, ...)."""
    return corruption_error(flips, reference)


def _divisible(numbers: np.ndarray, name: str) -> None:
    if not (np.abs(numbers) > 0).all() or not np.isfinite(numbers).all():
        raise HeldoutError(f"the reference's {name} is 0 somewhere: leave that kind out or take a weaker reference")
