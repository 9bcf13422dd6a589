"""Measures without a laboratory: simulated scores, one row per learner, looked up by name."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from heldout.core import IID, Split
from heldout.core.measure import Leaf, Measure
from heldout.core.values import Values
from heldout.measures.evaluation import _combine


@dataclass(frozen=True)
class Named:
    """A task or a learner of which only records are known; a learner without steps is judged by items."""

    name: str
    bounds: tuple[float, float] = (0.0, 1.0)
    steps: int = 1
    splits: tuple[Split, ...] = (IID,)


def _values(measure: Measure, table: Mapping[str, Any]) -> np.ndarray:
    if isinstance(measure, Leaf):
        return np.asarray(table[measure.learner.name], float)
    parts = np.array([_values(p, table) for p in measure.parts])
    return parts[0] if type(measure).__name__ in ("Mean", "Exact") else _combine(measure, parts)


@pytest.fixture
def named() -> type[Named]:
    return Named


@pytest.fixture
def reading() -> Callable[..., Callable[[Measure], Values]]:
    """`reading(table, n)`: the first `n` units of every measure over a table of scores by learner."""

    def read(table: Mapping[str, Any], n: int | None = None, **fields: Any) -> Callable[[Measure], Values]:
        def evaluate(measure: Measure) -> Values:
            data = _values(measure, table)[:n]
            return Values(np.arange(len(data)), data, **fields)

        return evaluate

    return read
