"""Assessors: what predicts, from a description of items, whether a system will succeed on them (ADeLe; Zhou et al., 2025)."""

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.extras import missing
from heldout.stats.abilities.calibration import auroc, calibration_error, log_loss

Folds = Literal["random", "task", "benchmark"]
Predictor = Callable[[np.ndarray, np.ndarray, np.ndarray, int], np.ndarray]
"""(features and outcomes to learn from, features to predict for, seed) to probabilities."""


class Assessment(NamedTuple):
    """How well outcomes of items never seen were predicted. `predicted`: (items,) probabilities, each from the other folds."""

    auroc: float
    calibration: float
    loss: float
    predicted: np.ndarray


def assess(
    features: Any,
    outcomes: Any,
    groups: Any = None,
    *,
    folds: int = 10,
    seed: int = 0,
    predictor: "Predictor | None" = None,
) -> Assessment:
    """Predicts each item's outcome (0 or 1) from its features, (items, features), by a random forest fitted to other folds.

    `groups`: (items,) codes of tasks, or of benchmarks, which then stay together in a fold, so that items of unseen ones are
    predicted; None for random folds. `predictor`: something else than the forest, which needs scikit-learn.
    """
    x, y = np.asarray(features, dtype=float), np.asarray(outcomes, dtype=float)
    if x.ndim != 2 or y.shape != x.shape[:1] or len(y) < 4:
        raise HeldoutError(f"{x.shape} features and {y.shape} outcomes: give items x features, and an outcome for each")
    if not np.isin(y, (0, 1)).all():
        raise HeldoutError("an outcome is neither 0 nor 1: an assessor predicts success or failure")
    fold = _folds(len(y), groups, folds, np.random.default_rng(seed))
    predict = forest if predictor is None else predictor
    made = np.empty(len(y))
    for k in range(int(fold.max()) + 1):
        out = fold == k
        rate = y[~out].mean()
        made[out] = rate if rate in (0, 1) else predict(x[~out], y[~out], x[out], seed)
    return Assessment(auroc(made, y), calibration_error(made, y), log_loss(made, y), made)


def forest(features: np.ndarray, outcomes: np.ndarray, asked: np.ndarray, seed: int) -> np.ndarray:
    """Probabilities of success by a random forest of 200 trees with at least five items a leaf."""
    try:
        from sklearn.ensemble import RandomForestClassifier
    except ModuleNotFoundError as error:
        raise HeldoutError(missing("a random forest", error)) from None
    model = RandomForestClassifier(200, min_samples_leaf=5, random_state=seed, n_jobs=1)
    return model.fit(features, outcomes > 0.5).predict_proba(asked)[:, 1]


def _folds(n: int, groups: Any, folds: int, rng: np.random.Generator) -> np.ndarray:
    """(items,) the fold of each; a group is in one fold."""
    if groups is None:
        return rng.permutation(np.arange(n) % min(folds, n))
    codes, place = np.unique(np.asarray(groups), return_inverse=True)
    if len(place) != n:
        raise HeldoutError(f"{len(place)} groups for {n} items: give one for each")
    if len(codes) < 2:
        raise HeldoutError("all items are of one group: to hold groups out takes two or more")
    return rng.permutation(np.arange(len(codes)) % min(folds, len(codes)))[place]
