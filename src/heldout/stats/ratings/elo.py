"""Elo's ratings, updated battle by battle: for players that change.

After each battle the winner takes k times what the win was not expected (Elo, 1978), on a scale where 400 points are
ten to one. The last battles weigh most, so the ratings of things that never change depend on the order in which their
battles happen to stand: those are rated by `bradley_terry`. `spread` shows how much.
"""

import numpy as np

from heldout.core.errors import HeldoutError

SCALE = 400 / np.log(10)
"""Points per unit of log-odds."""


def elo(
    first: np.ndarray,
    second: np.ndarray,
    outcome: np.ndarray,
    *,
    k: float = 32.0,
    start: float = 1500.0,
    systems: int | None = None,
) -> np.ndarray:
    """(systems,) ratings after (battles,) in this order; outcome 1 where the first won, 0.5 for a tie, 0 else."""
    if k <= 0:
        raise HeldoutError(f"k is {k:g}: a battle moves ratings by a positive number of points")
    n = int(max(first.max(), second.max())) + 1 if systems is None else systems
    ratings = [float(start)] * n
    for a, b, won in zip(first.tolist(), second.tolist(), outcome.tolist(), strict=True):
        moved = k * (won - 1.0 / (1.0 + 10.0 ** ((ratings[b] - ratings[a]) / 400.0)))
        ratings[a] += moved
        ratings[b] -= moved
    return np.array(ratings)


def spread(
    first: np.ndarray,
    second: np.ndarray,
    outcome: np.ndarray,
    rng: np.random.Generator,
    *,
    k: float = 32.0,
    orders: int = 100,
) -> tuple[np.ndarray, np.ndarray]:
    """(systems,) 2.5% and 97.5% points of the ratings over shuffled orders of the same battles: what order alone makes."""
    n = int(max(first.max(), second.max())) + 1
    order = np.argsort(rng.random((orders, len(first))), axis=1)
    ratings, row = np.full((orders, n), 1500.0), np.arange(orders)
    for at in order.T:
        a, b = first[at], second[at]
        moved = k * (outcome[at] - 1 / (1 + 10 ** ((ratings[row, b] - ratings[row, a]) / 400)))
        ratings[row, a] += moved
        ratings[row, b] -= moved
    low, high = np.quantile(ratings, [0.025, 0.975], axis=0)
    return low, high
