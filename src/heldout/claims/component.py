"""One comparison of a claim with the values behind it."""

from dataclasses import dataclass

import numpy as np

from heldout.claims.evidence import Bracket, Certain, Evidence, Flips, Means, Proportion, Signs
from heldout.claims.method import Method, choose
from heldout.core.claim import Atom
from heldout.core.errors import HeldoutError
from heldout.core.expression import Exact, Linear, Log, Mean
from heldout.core.measure import Measure, StepsTo
from heldout.core.study import Budget
from heldout.core.values import Values
from heldout.stats.looks import check

BUILT: dict[str, type[Flips | Signs | Proportion | Means]] = {
    "flips": Flips,
    "shifted flips": Flips,
    "signs": Signs,
    "proportion": Proportion,
    "betting": Means,
}


@dataclass(frozen=True)
class Component:
    """An atom, its values, the method that suits it, and the evidence; or the reason why there is none."""

    atom: Atom
    values: Values
    method: Method
    evidence: Evidence | None
    reason: str | None = None


def component(atom: Atom, values: Values, budget: Budget) -> Component:
    """Choose the method and set the values against it. HeldoutError for values that no measure can have."""
    _sound(atom.measure, values)
    data = np.asarray(values.values, float)
    method = choose(atom, values.unit, budget, binary=bool(np.isin(data, (0.0, 1.0)).all()))
    reason = _obstacle(atom, values, method)
    if reason:
        return Component(atom, values, method, None, reason)
    if method.kind == "exact":
        return Component(atom, values, method, Certain(float(data[0])))
    return Component(atom, values, method, _evidence(atom.measure, values, method))


def _sound(measure: Measure, values: Values) -> None:
    data, units = np.asarray(values.values, float), np.asarray(values.units)
    if data.ndim != 1 or data.shape != units.shape:
        raise HeldoutError(f"`{measure.text}`: {units.shape} units and {data.shape} values do not match one to one")
    if len(units) > 1 and not (np.diff(units) > 0).all():
        raise HeldoutError(f"`{measure.text}`: its units must ascend without repeats, in the order in which they ran")
    bad = ~np.isfinite(data)
    if bad.any():
        at = int(bad.argmax())
        raise HeldoutError(
            f"`{measure.text}` is {data[at]:g} at {values.unit} {units[at]}: a diverged run must score the task's worst"
        )
    low, high = measure.bounds
    slack = 1e-9 * max(1.0, *(abs(b) for b in (low, high) if np.isfinite(b)), 1.0)
    outside = (data < low - slack) | (data > high + slack)
    if outside.any():
        at = int(outside.argmax())
        raise HeldoutError(
            f"`{measure.text}` is {data[at]:g} at {values.unit} {units[at]}, outside its bounds {low:g} to {high:g}: "
            "mend the task's bounds or its scores"
        )


def _obstacle(atom: Atom, values: Values, method: Method) -> str | None:
    """Why nothing can be decided, whatever the values."""
    if values.failed:
        return f"{values.failed} {_plural(values.unit, values.failed)} failed and yielded nothing: run them again"
    if method.kind == "none":
        return (
            f"no valid method for the mean of an unbounded measure against {_target(atom):g}: give the task bounds, "
            "or claim something of the typical run"
        )
    if not len(values):
        return f"no {values.unit} has been measured yet"
    if not method.looks and method.kind != "exact":
        return f"the budget does not pay for one {values.unit} of this measure"
    if method.kind != "exact" and len(values) < method.looks[0]:
        first = method.looks[0]
        return f"{len(values)} {_plural(values.unit, len(values))}: the first look takes {first}"
    return None


def _target(atom: Atom) -> float:
    return getattr(atom, "bound", getattr(atom, "target", float("nan")))


def _plural(unit: str, n: int) -> str:
    return unit if n == 1 else f"{unit}s"


def _evidence(measure: Measure, values: Values, method: Method) -> Evidence:
    data, looks = np.asarray(values.values, float), check(method.looks, len(values))
    data = data[: looks[-1]]
    kind = BUILT[method.kind]
    censored = None if values.censored is None else np.asarray(values.censored, bool)[: looks[-1]]
    if censored is None or not censored.any():
        return kind(method, data, looks)
    below, above = _extremes(measure, data, censored)
    kind = Means if kind is Proportion else kind
    seen = kind(method, data, looks).estimates()
    return Bracket(kind(method, below, looks), kind(method, above, looks), seen, looks)


def _extremes(measure: Measure, data: np.ndarray, censored: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The values with censored ones as low, and as high, as they may truly be."""
    low, high = measure.bounds
    far = 4.0 * np.abs(data).sum() + 1.0  # outweighs all others together, which is as good as infinite to every test
    rising, falling = _directions(measure, 1.0)
    below = np.where(censored & falling, low if np.isfinite(low) else -far, data)
    above = np.where(censored & rising, high if np.isfinite(high) else far, data)
    return below, above


def _directions(measure: Measure, weight: float) -> tuple[bool, bool]:
    """Whether a censored value may truly be higher, and lower: times only ever turn out longer."""
    if isinstance(measure, StepsTo):
        return weight > 0, weight < 0
    if isinstance(measure, Linear):
        found = [_directions(m, weight * w) for w, m in measure.terms]
        return any(up for up, _ in found), any(down for _, down in found)
    if isinstance(measure, Mean | Exact | Log):
        return _directions(measure.part, weight)
    found = [_directions(part, weight) for part in measure.parts]
    return (True, True) if any(up or down for up, down in found) else (False, False)
