"""Working out a measure from records.

The order of aggregation is fixed: samples to item, items to their mean, levels of an axis to theirs (groups equally),
one number per unit, then arithmetic over the units that all parts share.
"""

from collections.abc import Sequence

import numpy as np

from heldout.core.curve import Halving, Slope
from heldout.core.errors import HeldoutError
from heldout.core.expression import Applied, Exact, Linear, Log, Mean, Product, RankCorrelation, Wins
from heldout.core.measure import Forgetting, Leaf, Measure, OverSeeds, Score, StepsTo
from heldout.core.values import Values
from heldout.measures.blocks import over_seeds
from heldout.measures.curves import forgetting, halving, steps_to
from heldout.measures.rows import Rows
from heldout.measures.scores import scores


def evaluate(measure: Measure, rows: Rows) -> Values:
    """One number per unit; units that any part lacks are left out."""
    if isinstance(measure, Leaf):
        return _leaf(measure, rows)
    if isinstance(measure, Mean | Exact):
        return evaluate(measure.part, rows)
    joined, table = _join(measure, [evaluate(part, rows) for part in measure.parts])
    if isinstance(measure, Halving):
        return halving(measure, joined, table)
    values = _combine(measure, table)
    if values.shape != joined.units.shape:
        raise HeldoutError(
            f"`{measure.text}`: its function gave shape {values.shape} for {len(joined)} units; it must give one number each"
        )
    return Values(joined.units, values, joined.unit, joined.censored, joined.failed)


def _leaf(leaf: Leaf, rows: Rows) -> Values:
    if isinstance(leaf, Score):
        return scores(leaf, rows)
    if isinstance(leaf, StepsTo):
        return steps_to(leaf, rows)
    if isinstance(leaf, Forgetting):
        return forgetting(leaf, rows)
    if isinstance(leaf, OverSeeds):
        return over_seeds(leaf, rows)
    raise HeldoutError(f"`{leaf.text}`: nothing here can work out a {type(leaf).__name__}")


def _join(measure: Measure, parts: Sequence[Values]) -> tuple[Values, np.ndarray]:
    """The shared units, and a (parts, units) array of values."""
    units = parts[0].units
    for part in parts[1:]:
        if part.unit != parts[0].unit:
            raise HeldoutError(f"`{measure.text}` mixes {parts[0].unit}s and {part.unit}s: compare like with like")
        units = np.intersect1d(units, part.units)
    places = [np.flatnonzero(np.isin(p.units, units)) for p in parts]
    table = np.array([p.values[at] for p, at in zip(parts, places, strict=True)], float).reshape(len(parts), len(units))
    marks = [None if p.censored is None else p.censored[at] for p, at in zip(parts, places, strict=True)]
    censored = None if all(m is None for m in marks) else _censored(measure, marks, len(units))
    return Values(units, table[0], parts[0].unit, censored, max(p.failed for p in parts)), table


def _censored(measure: Measure, marks: Sequence[np.ndarray | None], n: int) -> np.ndarray:
    """Which way every value may truly lie: (n,) integers as in `Values.censored`, from those of the parts."""
    if not isinstance(measure, Linear | Log):  # other functions may do anything
        return np.where(np.any([m for m in marks if m is not None], axis=0), 3, 0).astype(np.uint8)
    falls = [w < 0 for w, _ in measure.terms] if isinstance(measure, Linear) else [False]
    found = np.zeros(n, np.uint8)
    for mark, turned in zip(marks, falls, strict=True):
        if mark is not None:
            bits = mark.astype(np.uint8)
            found |= ((bits & 1) << 1) | (bits >> 1) if turned else bits
    return found


def _combine(measure: Measure, table: np.ndarray) -> np.ndarray:
    """(units,) values from a (parts, units) table."""
    match measure:
        case Linear():
            values = np.array([w for w, _ in measure.terms]) @ table + measure.constant
        case Slope():  # less the first level, so that a flat curve is 0 without rounding
            values = np.array(measure.weights) @ (table - table[:1])
        case Product():
            values = table[0] * table[1]
        case Log():
            values = np.log(table[0])
        case Wins():
            first, second = table[0::2], table[1::2]
            values = ((first > second) + 0.5 * (first == second)).mean(axis=0)
        case RankCorrelation():
            values = _rank_correlation(measure, table)
        case Applied():
            values = np.asarray(measure.function(table), float)
        case _:
            raise HeldoutError(f"`{measure.text}`: nothing here can work out a {type(measure).__name__}")
    return values


def _rank_correlation(measure: RankCorrelation, table: np.ndarray) -> np.ndarray:
    n, left = len(measure.measures), table
    others = iter(table[n:])
    right = np.array(
        [next(others) if isinstance(a, Measure) else np.full(table.shape[1], a) for a in measure.against]
    ).reshape(n, table.shape[1])
    return kendall_tau(left[:n], right)


def kendall_tau(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Kendall's tau-b down the columns of two (k, n) arrays; 0 where one of them is constant. Shape (n,)."""
    first, second = np.triu_indices(len(left), 1)
    a, b = np.sign(left[first] - left[second]), np.sign(right[first] - right[second])
    spread = np.sqrt((a != 0).sum(axis=0) * (b != 0).sum(axis=0))
    return np.where(spread > 0, (a * b).sum(axis=0) / np.maximum(spread, 1), 0.0)
