"""One comparison of a claim with the values behind it, checked."""

from dataclasses import dataclass

import numpy as np

from heldout.claims.method import Method, choose
from heldout.core.claim import Atom, Compare
from heldout.core.curve import Halving
from heldout.core.errors import HeldoutError
from heldout.core.expression import Exact, Linear, Log, Mean
from heldout.core.measure import Measure, StepsTo
from heldout.core.study import Budget
from heldout.core.values import Values
from heldout.stats.looks import check


@dataclass(frozen=True)
class Component:
    """An atom, its values, the method that suits it; or the reason why nothing can be decided whatever the values."""

    atom: Atom
    values: Values
    method: Method
    reason: str | None = None

    @property
    def looks(self) -> tuple[int, ...]:
        """The planned looks that the units reach."""
        return check(self.method.looks, len(self.values)) if self.method.looks else ()

    @property
    def bound(self) -> float:
        """The constant that the measure is compared with."""
        return self.atom.bound if isinstance(self.atom, Compare) else self.atom.target

    @property
    def censored(self) -> bool:
        """Whether some values within the looks are only known to lie beyond."""
        marks = self.values.censored
        return marks is not None and bool(np.any(marks[: self.looks[-1]]))

    def extremes(self) -> tuple[np.ndarray, np.ndarray]:
        """The values up to the last look with censored ones as low, and as high, as they may truly be."""
        data, n = np.asarray(self.values.values, float), self.looks[-1]
        if not self.censored:
            return data[:n], data[:n]
        (low, high), marks = self.method.bounds, np.asarray(self.values.censored)
        edge = abs(self.bound) + getattr(self.atom, "margin", 0.0)
        far = 4.0 * (np.abs(data) + edge).sum() + 1.0  # outweighs all others and what they are compared with
        if marks.dtype == bool:  # no more is said than that something was not seen to its end
            marks = marks * np.uint8(np.dot(_directions(self.atom.measure, 1.0), (1, 2)))
        below = np.where(marks & 2, low if np.isfinite(low) else -far, data)
        above = np.where(marks & 1, high if np.isfinite(high) else far, data)
        return below[:n], above[:n]


def component(atom: Atom, values: Values, budget: Budget) -> Component:
    """Choose the method for a comparison. HeldoutError for values that no measure can have."""
    _sound(atom.measure, values)
    binary = bool(np.isin(np.asarray(values.values, float), (0.0, 1.0)).all()) and values.censored is None
    method = choose(atom, values.unit, budget, binary=binary)
    return Component(atom, values, method, _obstacle(values, method))


def _sound(measure: Measure, values: Values) -> None:
    data, units = np.asarray(values.values, float), np.asarray(values.units)
    if data.ndim != 1 or data.shape != units.shape:
        raise HeldoutError(f"`{measure.text}`: {units.shape} units and {data.shape} values do not match one to one")
    if len(units) > 1 and not (np.diff(units) > 0).all():
        raise HeldoutError(f"`{measure.text}`: its units must ascend without repeats, in the order in which they ran")
    if values.censored is not None and np.shape(values.censored) != data.shape:
        raise HeldoutError(f"`{measure.text}`: {len(data)} values and {len(values.censored)} marks of censoring")
    # a function of many answers may not be defined, which leaves its claim open
    bad = np.isinf(data) if values.unit == "block" else ~np.isfinite(data)
    if bad.any():
        at = int(bad.argmax())
        raise HeldoutError(
            f"`{measure.text}` is {data[at]:g} at {values.unit} {units[at]}: a diverged run must score the task's worst"
        )
    low, high = measure.bounds
    slack = 1e-9 * max([1.0, *(abs(b) for b in (low, high) if np.isfinite(b))])
    outside = (data < low - slack) | (data > high + slack)
    if outside.any():
        at = int(outside.argmax())
        raise HeldoutError(
            f"`{measure.text}` is {data[at]:g} at {values.unit} {units[at]}, outside its bounds {low:g} to {high:g}: "
            "mend the task's bounds or its scores"
        )


def _obstacle(values: Values, method: Method) -> str | None:
    if values.failed:
        return f"{values.failed} {plural(values.unit, values.failed)} failed and yielded nothing: run them again"
    undefined = np.isnan(np.asarray(values.values, float))
    if undefined.any():
        return f"not defined for {undefined.sum()} of {len(values)} {plural(values.unit, len(values))}, first for {values.units[int(undefined.argmax())]}"
    if method.kind == "none":
        return (
            "no method is valid for the mean of an unbounded measure against a constant: give the task bounds, "
            "or claim something of the typical run"
        )
    if not len(values):
        return f"no {values.unit} has been measured yet"
    if method.kind == "exact":
        return None
    return None if method.looks else f"the budget does not pay for one {values.unit} of this measure"


def plural(unit: str, n: int) -> str:
    """The unit's name for `n` of them."""
    return unit if n == 1 else f"{unit}s"


def _directions(measure: Measure, weight: float) -> tuple[bool, bool]:
    """Whether a censored value may truly be higher, and lower: times and levels only ever turn out longer."""
    if isinstance(measure, StepsTo | Halving):
        return weight > 0, weight < 0
    if isinstance(measure, Linear):
        found = [_directions(m, weight * w) for w, m in measure.terms]
        return any(up for up, _ in found), any(down for _, down in found)
    if isinstance(measure, Mean | Exact | Log):
        return _directions(measure.part, weight)
    return (True, True) if any(any(_directions(part, weight)) for part in measure.parts) else (False, False)
