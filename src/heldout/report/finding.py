"""A verdict in words and formatted numbers."""

from dataclasses import dataclass

from heldout.core.claim import AllOf, AtLeast, Claim, Compare, Given, Near
from heldout.core.result import Result
from heldout.core.study import Study
from heldout.core.verdict import Verdict
from heldout.report.number import counted, interval, number, places

MARKS = {"supported": "▲", "refuted": "▼", "undecided": "◆", "void": "○"}
MEANING = {
    "supported": "the evidence is for the claim",
    "refuted": "the evidence is against the claim",
    "undecided": "the budget was spent before the evidence was enough",
    "void": "its condition failed, so nothing was learnt about the claim",
}


@dataclass(frozen=True)
class Finding:
    """What is said about one claim, the same in every report. Empty texts are left out.

    `against`: the bound, with its margin where the claim has one. `level`: said where it is not 0.05. `side`: 1 for a
    claim to lie above the bound, -1 below, 0 neither.
    """

    name: str
    statement: str
    verdict: str
    estimate: str
    interval: str
    against: str
    units: str
    level: str
    method: str
    assumption: str
    reason: str
    published: str
    source: Verdict
    side: int = 0
    margin: float | None = None
    parts: "tuple[Finding, ...]" = ()

    @property
    def mark(self) -> str:
        """A shape per verdict, so that colour is never all there is."""
        return MARKS.get(self.verdict, "◆")

    @property
    def numbers(self) -> str:
        """Such as `estimate 0.953, 95% interval [0.921, 0.978], bound 0.9; 12 seeds`."""
        said = [f"estimate {self.estimate}"] if self.estimate else []
        said += [f"95% interval {self.interval}"] if self.interval else []
        said += [f"bound {self.against}"] if self.against else []
        return "; ".join(t for t in (", ".join(said), self.units) if t)

    @property
    def basis(self) -> str:
        """Method, level and assumption in one sentence."""
        assumed = f"assuming {self.assumption}" if self.assumption else ""
        level = f"level {self.level}" if self.level else ""
        return "; ".join(t for t in (self.method, level, assumed) if t)


def findings(result: Result) -> tuple[Finding, ...]:
    """One per claim, in the study's order."""
    return tuple(finding(v, result.study) for v in result.verdicts)


def finding(verdict: Verdict, study: Study) -> Finding:
    """The verdict on a claim of the study."""
    claim = study.claims.get(verdict.claim)
    return _finding(verdict, claim, study.paper.published.get(verdict.claim, ""))


def _finding(verdict: Verdict, claim: Claim | None, published: str = "") -> Finding:
    values = (verdict.estimate, verdict.low, verdict.high, verdict.bound)
    known = verdict.estimate == verdict.estimate
    decimals = places(*(v for v in values[:3]), *((verdict.bound,) if known else ()))
    bare = claim.part if isinstance(claim, Given) else claim
    margin = bare.margin if isinstance(bare, Near) else None
    against = number(verdict.bound) if verdict.bound != verdict.bound else f"{verdict.bound:g}"
    return Finding(
        name=verdict.claim,
        statement=verdict.statement,
        verdict=verdict.verdict,
        estimate=number(verdict.estimate, decimals) if known else "",
        interval=interval(verdict.low, verdict.high, decimals),
        against="" if verdict.bound != verdict.bound else against + (f" ± {margin:g}" if margin else ""),
        units=counted(verdict.n, verdict.unit) if verdict.n else "nothing was run" if not verdict.parts else "",
        level="" if verdict.alpha == 0.05 else f"{verdict.alpha:.3g} after multiplicity",
        method=verdict.method,
        assumption=verdict.assumption or "",
        reason=verdict.reason or "",
        published=published,
        source=verdict,
        side=bare.side if isinstance(bare, Compare) else 0,
        margin=margin,
        parts=tuple(_finding(v, c) for v, c in _pairs(verdict, claim)),
    )


def _pairs(verdict: Verdict, claim: Claim | None) -> list[tuple[Verdict, Claim | None]]:
    """The verdicts on the components, each with its component where the claim tells them apart."""
    bare = claim.part if isinstance(claim, Given) else claim
    parts: tuple[Claim | None, ...] = bare.parts if isinstance(bare, AllOf | AtLeast) else ()
    if bare is not None and len(parts) != len(verdict.parts):
        parts = bare.components()
    if len(parts) != len(verdict.parts):
        parts = (None,) * len(verdict.parts)
    return list(zip(verdict.parts, parts, strict=True))


def tally(result: Result) -> str:
    """Such as `6 claims: 3 supported, 1 refuted, 1 undecided, 1 void`."""
    words = [v.verdict for v in result.verdicts]
    counts = [f"{words.count(w)} {w}" for w in MARKS if w in words]
    return f"{counted(len(words), 'claim')}: {', '.join(counts)}" if words else "no claims"
