"""scikit-learn's searches: every candidate is a system, every fold of the cross-validation a seed."""

import hashlib
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.recording.recorder import record


def search(found: Any, task: str, *, store: str | Path = ".heldout", bounds: tuple[float, float] = (0.0, 1.0)) -> int:
    """Record a fitted GridSearchCV or RandomizedSearchCV; returns the number of candidates.

    Folds overlap in their training sets, so that differences between candidates vary less than those of new data would.
    """
    results = getattr(found, "cv_results_", None)
    if results is None:
        raise HeldoutError(f"{type(found).__name__} has no cv_results_: fit the search first")
    folds = sorted(int(k[5:-11]) for k in results if k.startswith("split") and k.endswith("_test_score"))
    if not folds:
        raise HeldoutError(
            f"{type(found).__name__} has no scores of folds: it must have one metric, not several by name"
        )
    names = [_named(parameters) for parameters in results["params"]]
    for candidate, name in enumerate(names):
        for fold in folds:
            with record(task, name, seed=fold, store=store, bounds=bounds) as recorder:
                for split, column in (("iid", "test"), ("train", "train")):
                    scores = results.get(f"split{fold}_{column}_score")
                    if scores is not None:
                        recorder.score(split, float(np.asarray(scores)[candidate]))
    return len(results["params"])


def _named(parameters: Any) -> str:
    """Its parameters on one line; where that is too long, cut, and told from others by a digest."""
    whole = " ".join(", ".join(f"{k}={v}" for k, v in sorted(parameters.items())).split()) or "defaults"
    return whole if len(whole) <= 200 else f"{whole[:180]} {hashlib.sha256(whole.encode()).hexdigest()[:16]}"
