"""What makes scores vary: seeds, items, prompts, and sampling, as variances of crossed random effects.

By the analysis of variance: mean squares are equated with their expectations (Henderson, 1953, method 1; for balanced
designs the unbiased estimates of Searle, Casella and McCulloch, 1992, chapter 4). Such an estimate can be below 0,
which says that the data do not show the effect; it is then reported as 0 and named.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.reliability.counts import counts

Effect = tuple[str, ...]
"""The factors whose combinations it belongs to: ("item",), or ("seed", "item") for how seeds differ from item to item."""


@dataclass(frozen=True)
class Components:
    """Variances of the effects, and how many levels of each factor there are.

    `variance`: none below 0. `negative`: effects whose estimate was, and is reported as 0. `within`: the factor of
    which every combination of the others has levels of its own (samples), or "".
    """

    variance: Mapping[Effect, float]
    levels: Mapping[str, float]
    negative: tuple[Effect, ...] = ()
    within: str = ""
    raw: Mapping[Effect, float] = field(default_factory=dict)

    def error(self, levels: Mapping[str, float] | None = None, fixed: Sequence[str] = ()) -> float:
        """The standard error of the grand mean with so many levels (those at hand unless given).

        `fixed`: factors of which the levels are the very ones that are asked about, such as the items of one benchmark.
        """
        many = {**self.levels, **(levels or {})}
        return float(
            np.sqrt(sum(v / np.prod([many[f] for f in e]) for e, v in self.variance.items() if set(e) - set(fixed)))
        )


def components(scores: Any, factors: Sequence[str], within: str = "") -> Components:
    """The components of a complete array with one axis per factor, crossed; `within` names a last axis nested in all others.

    Without `within` the highest interaction and what varies within it cannot be told apart, and stand under all factors.
    Every factor needs two levels.
    """
    array = np.asarray(scores, dtype=float)
    names = (*factors, within) if within else tuple(factors)
    if array.ndim != len(names) or min(array.shape, default=0) < 2 or not np.isfinite(array).all():
        raise HeldoutError(
            f"scores of shape {array.shape} for factors {', '.join(names)}: one axis of at least two levels each, none missing"
        )
    levels = dict(zip(names, map(float, array.shape), strict=True))
    squares = _mean_squares(array.mean(axis=-1) if within else array, factors)
    repeats = array.shape[-1] if within else 1
    squares = {e: repeats * s for e, s in squares.items()}
    raw: dict[Effect, float] = {}
    if within:
        raw[names] = float(array.var(axis=-1, ddof=1).mean())
    for effect in squares:
        above = [e for e in squares if set(e) >= set(effect)]
        signed = sum((-1) ** (len(e) - len(effect)) * squares[e] for e in above)
        if within and len(effect) == len(factors):
            signed -= raw[names]
        others = np.prod([levels[f] for f in factors if f not in effect]) * repeats
        raw[effect] = float(signed / others)
    return _reported(raw, levels, within)


def one_way(n: Any, c: Any, item: str = "item", within: str = "sample") -> Components:
    """Items and samples within them, from counts that may differ from item to item; items without samples are left out.

    Unweighted items: the mean over items is what is meant, and the variance between their shares right, less what
    sampling adds to each, is the items'.
    """
    given = counts(n, c)
    drawn, right = given.n[given.n > 0].astype(float), given.c[given.n > 0]
    if len(drawn) < 2 or not (drawn > 1).any():
        raise HeldoutError("variance within items takes two items, and two samples of any of them")
    share = right / drawn
    many = drawn > 1
    inside = drawn * share * (1 - share) / np.maximum(drawn - 1, 1)
    sampling = float(inside[many].mean())
    added = np.where(many, inside, sampling) / drawn
    raw = {(item, within): sampling, (item,): float(share.var(ddof=1) - added.mean())}
    harmonic = float(1 / (1 / drawn).mean())
    return _reported(raw, {item: float(len(drawn)), within: harmonic}, within)


def _reported(raw: Mapping[Effect, float], levels: Mapping[str, float], within: str) -> Components:
    tiny = 1e-12 * max(abs(v) for v in raw.values())  # rounding is no negative variance
    return Components(
        {e: max(v, 0.0) for e, v in raw.items()}, levels, tuple(e for e, v in raw.items() if v < -tiny), within, raw
    )


def _mean_squares(cells: np.ndarray, factors: Sequence[str]) -> dict[Effect, float]:
    """Mean square of every main effect and interaction of an array of cell means."""
    found: dict[Effect, float] = {}
    axes = range(cells.ndim)
    for size in range(1, cells.ndim + 1):
        for kept in combinations(axes, size):
            effect = np.zeros([1] * cells.ndim)
            for below in (s for r in range(size + 1) for s in combinations(kept, r)):
                means = cells.mean(axis=tuple(a for a in axes if a not in below), keepdims=True)
                effect = effect + (-1) ** (size - len(below)) * means
            freedom = np.prod([cells.shape[a] - 1 for a in kept])
            others = np.prod([cells.shape[a] for a in axes if a not in kept])
            found[tuple(factors[a] for a in kept)] = float((effect**2).sum() * others / freedom)
    return found
