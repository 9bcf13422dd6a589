"""What makes answers to items vary where seeds or prompts are told apart: crossed random effects of every system."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from heldout.results.table import Crossed
from heldout.stats.reliability.components import Components, Effect, components

ITEM, SAMPLE = "item", "sample"


@dataclass(frozen=True)
class VaryingRow:
    """One system: the variances of its effects, none below 0, and the standard errors of its mean that they give.

    `items`: those answered under every condition; `levels`: how many there are of each factor. `error`: about other items,
    seeds and prompts; `same_items`: about other seeds and prompts on these very items.
    """

    system: str
    items: int
    levels: Mapping[str, int]
    variance: Mapping[Effect, float]
    error: float
    same_items: float


@dataclass(frozen=True)
class Varying:
    """What varies, by `factors` such as ("item", "seed"); `left_out`: systems without two items under two conditions."""

    factors: tuple[str, ...]
    rows: tuple[VaryingRow, ...]
    left_out: tuple[str, ...] = ()


def varying(systems: tuple[str, ...], crossed: Crossed | None) -> Varying | None:
    """What varies in crossed outcomes; None where nothing is crossed."""
    if crossed is None:
        return None
    rows = tuple(_rows(systems, crossed))
    left = tuple(s for s in systems if s not in {r.system for r in rows})
    return Varying((ITEM, *crossed.factors), rows, left) if rows else None


def _rows(systems: tuple[str, ...], crossed: Crossed) -> Iterator[VaryingRow]:
    factors = (ITEM, *crossed.factors)
    for system, *outcomes in zip(systems, crossed.total, crossed.counts, strict=True):
        total, counts = _complete(*outcomes)
        if min(counts.shape) < 2:
            continue
        found = _components(total, counts, factors)
        levels = dict(zip(factors, counts.shape, strict=True))
        yield VaryingRow(system, len(counts), levels, found.variance, found.error(), found.error(fixed=(ITEM,)))


def _complete(total: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The levels that the system has, and the items that it answered at all of them."""
    for axis in range(1, counts.ndim):
        others = tuple(a for a in range(counts.ndim) if a != axis)
        has = np.flatnonzero(counts.sum(axis=others))
        total, counts = total.take(has, axis), counts.take(has, axis)
    whole = (counts > 0).all(axis=tuple(range(1, counts.ndim)))
    return total[whole], counts[whole]


def _components(total: np.ndarray, counts: np.ndarray, factors: tuple[str, ...]) -> Components:
    """With samples within conditions where all have as many, of outcomes that are 0 or 1; else of the means."""
    many = int(counts.flat[0])
    right = np.round(total)
    if (
        many > 1
        and (counts == many).all()
        and np.allclose(total, right)
        and (right >= 0).all()
        and (right <= many).all()
    ):
        return components(np.arange(many) < right[..., None], factors, SAMPLE)
    return components(total / counts, factors)
