"""Claims against their bounds on one line each: right of the bound lies what speaks for the claim."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from heldout.report.finding import Finding


@dataclass(frozen=True)
class Strip:
    """An estimate and its interval in [-1, 1] with the bound at 0. `band`: the half width of a margin, 0 without one."""

    found: Finding
    low: float
    at: float
    high: float
    band: float = 0.0

    def percent(self, value: float) -> str:
        """A place on the line as CSS has it."""
        return f"{50 + 48 * value:.2f}%"

    @property
    def width(self) -> str:
        """The interval's length, likewise."""
        return f"{48 * (self.high - self.low):.2f}%"


@dataclass(frozen=True)
class Strips:
    """All strips; `alike`: whether they share a scale."""

    rows: tuple[Strip, ...]
    alike: bool

    @property
    def caption(self) -> str:
        """What the reader must know."""
        scale = "all on one scale" if self.alike else "each on its own scale"
        return f"Estimates with their 95% intervals, {scale}. The line is the bound; a shaded band is a margin within which the claim says that the value lies."


def strips(found: Sequence[Finding]) -> Strips:
    """One strip per claim, or per component of a compound claim, that has an estimate and a bound."""
    rows = [f for f in _flat(found) if math.isfinite(f.source.estimate) and math.isfinite(f.source.bound)]
    spans = [_reach(f) for f in rows]
    alike = bool(rows) and max(spans) <= 8 * min(spans)
    return Strips(tuple(_strip(f, max(spans) if alike else s) for f, s in zip(rows, spans, strict=True)), alike)


def _flat(found: Sequence[Finding]) -> Iterator[Finding]:
    for f in found:
        yield from _flat(f.parts) if f.parts else (f,)


def _reach(found: Finding) -> float:
    """How far from the bound the strip goes."""
    v = found.source
    ends = [abs(e - v.bound) for e in (v.estimate, v.low, v.high) if math.isfinite(e)]
    return max(*ends, (found.margin or 0) * 1.3, 1e-12)


def _strip(found: Finding, reach: float) -> Strip:
    v, turn = found.source, -1 if found.side < 0 else 1

    def place(value: float) -> float:
        return min(max(turn * ((v.estimate if math.isnan(value) else value) - v.bound) / reach, -1.0), 1.0)

    low, high = sorted((place(v.low), place(v.high)))
    return Strip(found, low, place(v.estimate), high, (found.margin or 0) / reach)
