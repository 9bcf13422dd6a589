"""Which test suits a comparison: what it is about, what it needs to be true, how soon it could decide."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from heldout.core.cell import unit as unit_of
from heldout.core.claim import Atom, Compare, Near
from heldout.core.expression import Exact, Linear, Mean
from heldout.core.measure import Bounds, Measure, OverSeeds
from heldout.core.study import Budget
from heldout.core.values import Unit
from heldout.stats.looks import doubling, schedule

Kind = Literal["exact", "flips", "shifted flips", "signs", "proportion", "betting", "none"]

NAMES: dict[Kind, str] = {
    "exact": "closed form, one evaluation",
    "flips": "sign-flip test, group-sequential",
    "shifted flips": "sign-flip test of differences less the bound, group-sequential",
    "signs": "sign test of the median, group-sequential and exact",
    "proportion": "binomial test, group-sequential and exact",
    "betting": "betting test of the mean, anytime-valid",
    "none": "none",
}


@dataclass(frozen=True)
class Method:
    """How one comparison is judged. `bounds`: those of the measure; `looks`: planned, the last being the cap."""

    kind: Kind
    unit: Unit
    looks: tuple[int, ...]
    bounds: Bounds

    @property
    def name(self) -> str:
        """In words a reader understands."""
        return NAMES[self.kind]

    @property
    def bounded(self) -> bool:
        """Whether no value can lie far away unseen."""
        return bool(np.isfinite(self.bounds).all())

    @property
    def assumption(self) -> str:
        """What must be true for the level to hold, beyond independent units."""
        low, high = self.bounds
        within = f"values lie within {low:g} and {high:g}; nothing about their shape"
        shift = f"the effect shifts every {self.unit} alike (differences symmetric about their mean)"
        if self.kind == "flips":
            interval = within if self.bounded else shift
            return (
                f"without an effect the systems are exchangeable within {_one(self.unit)}; for the interval: {interval}"
            )
        return {
            "exact": "the value is a closed form, free of chance",
            "shifted flips": shift,
            "signs": f"{self.unit}s are independent; nothing about their shape",
            "proportion": f"{self.unit}s are independent with one chance of success",
            "betting": f"{self.unit}s are independent; {within}",
            "none": "",
        }[self.kind]


def _one(unit: str) -> str:
    return f"an {unit}" if unit == "item" else f"a {unit}"


def planned(measure: Measure, unit: Unit, budget: Budget) -> tuple[int, ...]:
    """The looks that the budget allows, in units of the measure; none where it does not pay for a single unit."""
    if unit == "item":
        return doubling(budget.items)
    block = max((leaf.block for leaf in measure.leaves() if isinstance(leaf, OverSeeds)), default=1)
    cap = budget.seeds // block if unit == "block" else budget.seeds
    return schedule(cap) if cap else ()


def unit(measure: Measure) -> Unit:
    """The unit in which the measure comes, known before anything runs."""
    for leaf in measure.leaves():
        return unit_of(leaf)
    return "seed"


def choose(atom: Atom, unit: Unit, budget: Budget, *, binary: bool) -> Method:
    """The method for a comparison in normal form. `binary`: whether every value so far is 0 or 1."""
    measure, bounds = atom.measure, atom.measure.bounds
    return Method(_kind(atom, unit, binary=binary), unit, planned(measure, unit, budget), bounds)


def _kind(atom: Atom, unit: Unit, *, binary: bool) -> Kind:
    measure, bounds = atom.measure, atom.measure.bounds
    if isinstance(measure, Exact):
        return "exact"
    if isinstance(atom, Compare) and measure.centre is not None and atom.bound == measure.centre:
        return "flips"
    difference = measure.centre is not None or (isinstance(measure, Linear) and measure.difference)
    about_mean = isinstance(measure, Mean) or unit == "item" or difference
    if not about_mean:
        return "signs"
    if np.isfinite(bounds).all():
        return "proportion" if binary and bounds == (0.0, 1.0) and isinstance(atom, Compare | Near) else "betting"
    return "shifted flips" if difference else "none"
