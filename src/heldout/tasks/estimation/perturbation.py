"""What befalls a leaderboard: tasks dropped, one rescaled or worthless, cells missing."""

from typing import Literal

import numpy as np

from heldout.core.split import Split

Kind = Literal["dropped", "rescaled", "corrupted", "missing"]

SPLITS = (
    Split("3-dropped", "dropped", 3),
    Split("6-dropped", "dropped", 6),
    Split("10-times", "rescaled", 10),
    Split("100-times", "rescaled", 100),
    Split("1-corrupted", "corrupted", 1),
    Split("2-corrupted", "corrupted", 2),
    Split("missing-10%", "missing", 0.1),
    Split("missing-30%", "missing", 0.3),
)
"""One axis for each kind, of two levels each."""


def perturbed(scores: np.ndarray, kind: str, level: float, rng: np.random.Generator) -> np.ndarray:
    """A (systems, tasks) table after what befell it; the tasks concerned are drawn at random.

    `dropped`: so many tasks are left out. `rescaled`: one task's scores are multiplied by `level`. `corrupted`: the scores
    of so many tasks are shuffled among the systems and three times as wide. `missing`: this share of the cells is NaN,
    a system's only score excepted.
    """
    scores, tasks = scores.copy(), rng.permutation(scores.shape[1])
    match kind:
        case "dropped":
            return scores[:, np.sort(tasks[int(level) :])]
        case "rescaled":
            scores[:, tasks[0]] *= level
        case "corrupted":
            for task in tasks[: int(level)]:
                scores[:, task] = 3 * rng.permutation(scores[:, task])
        case "missing":
            gone = rng.random(scores.shape) < level
            gone[gone.all(axis=1), tasks[0]] = False
            scores[gone] = np.nan
    return scores


def written(scores: np.ndarray, rows: int = 3) -> str:
    """The size of a table and the scores of its first systems."""
    shown = "; ".join(" ".join("-" if np.isnan(x) else f"{x:.3g}" for x in row) for row in scores[:rows])
    return f"{scores.shape[0]} systems, {scores.shape[1]} tasks: {shown} ..."
