"""A verdict in words and formatted numbers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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

    `narrower`: the interval under the further assumption of a shift, where there is one. `against`: the bound, with its margin where the claim has one. `level`: said where it is not 0.05. `side`: 1 for a
    claim to lie above the bound, -1 below, 0 neither. `parts`: the components of a compound claim, whose numbers are those
    of the part that it hangs on; `conditions`: what it was said to be given.
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
    narrower: str = ""
    parts: "tuple[Finding, ...]" = ()
    conditions: "tuple[Finding, ...]" = ()

    @property
    def mark(self) -> str:
        """A shape per verdict, so that colour is never all there is."""
        return MARKS.get(self.verdict, "◆")

    @property
    def hinge(self) -> str:
        """Which part the numbers of a compound claim are those of, such as `part 2`."""
        mine = (self.estimate, self.interval, self.against, self.units)
        same = [i for i, p in enumerate(self.parts, 1) if mine == (p.estimate, p.interval, p.against, p.units)]
        return f"part {same[0]}" if same and self.estimate else ""

    @property
    def numbers(self) -> str:
        """Such as `estimate 0.953, 95% interval [0.921, 0.978], bound 0.9; 12 seeds`."""
        said = [f"estimate {self.estimate}"] if self.estimate else []
        said += [f"95% interval {self.interval}"] if self.interval else []
        said += [self.narrower] if self.narrower else []
        said += [f"bound {self.against}"] if self.against else []
        whole = "; ".join(t for t in (", ".join(said), self.units) if t)
        return f"as {self.hinge}: {whole}" if self.hinge else whole

    @property
    def basis(self) -> str:
        """Method, level and assumption in one sentence; of a compound claim its parts say it."""
        assumed = f"assuming {self.assumption}" if self.assumption else ""
        level = f"level {self.level}" if self.level else ""
        return "" if self.parts else "; ".join(t for t in (self.method, level, assumed) if t)

    @property
    def told(self) -> str:
        """Verdict, statement and numbers in one sentence, as of a condition."""
        return f"{self.statement}: {self.verdict}" + (f" ({self.numbers})" if self.numbers else "")


def findings(result: Result) -> tuple[Finding, ...]:
    """One per claim, in the study's order."""
    return tuple(finding(v, result.study) for v in result.verdicts)


def finding(verdict: Verdict, study: Study) -> Finding:
    """The verdict on a claim of the study."""
    claim = study.claims.get(verdict.claim)
    return _finding(verdict, claim, study.paper.published.get(verdict.claim, ""))


def told(verdict: Verdict) -> Finding:
    """The verdict on a claim of which only the words are left."""
    return _finding(verdict, None)


def _finding(verdict: Verdict, claim: Claim | None, published: str = "") -> Finding:
    values, bound = (verdict.estimate, verdict.low, verdict.high), verdict.bound
    known = not math.isnan(verdict.estimate)
    decimals = places(*values, *((bound,) if known else ()))
    bare = claim.part if isinstance(claim, Given) else claim
    margin = bare.margin if isinstance(bare, Near) else None
    parts, conditions = _below(verdict, claim)
    return Finding(
        name=verdict.claim,
        statement=verdict.statement,
        verdict=verdict.verdict,
        estimate=number(verdict.estimate, decimals) if known else "",
        interval=interval(verdict.low, verdict.high, decimals),
        against="" if math.isnan(bound) else f"{bound:g}" + (f" ± {margin:g}" if margin else ""),
        units=counted(verdict.n, verdict.unit) if verdict.n else "" if parts else "nothing was run",
        level="" if verdict.alpha == 0.05 else f"{verdict.alpha:.3g} after multiplicity",
        method=verdict.method,
        assumption=verdict.assumption or "",
        reason=verdict.reason or "",
        published=published,
        source=verdict,
        side=bare.side if isinstance(bare, Compare) else 0,
        margin=margin,
        narrower=_narrower(verdict),
        parts=parts,
        conditions=conditions,
    )


def _narrower(verdict: Verdict) -> str:
    if verdict.shift is None:
        return ""
    low, high = verdict.shift
    return f"or {interval(low, high, places(low, high))} if the effect shifts every {verdict.unit} alike"


def _below(verdict: Verdict, claim: Claim | None) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Components and conditions; a single component is the claim itself and says nothing more."""
    conditions = [v for v in verdict.parts if v.claim == "given"]
    parts = [v for v in verdict.parts if v.claim != "given"]
    bare = claim.part if isinstance(claim, Given) else claim
    inner: tuple[Claim, ...] = bare.parts if isinstance(bare, AllOf | AtLeast) else ()
    given = claim.conditions() if claim is not None else ()
    return (
        tuple(replace(_finding(v, c), name="") for v, c in _pairs(parts, inner)) if len(parts) > 1 else (),
        tuple(replace(_finding(v, c), name="") for v, c in _pairs(conditions, given)),
    )


def _pairs(verdicts: Sequence[Verdict], claims: Sequence[Claim]) -> list[tuple[Verdict, Claim | None]]:
    """Each verdict with its claim, or with none where they cannot be told apart."""
    same = len(verdicts) == len(claims)
    return list(zip(verdicts, claims if same else [None] * len(verdicts), strict=True))


def tally(result: Result) -> str:
    """Such as `6 claims: 3 supported, 1 refuted, 1 undecided, 1 void`."""
    words = [v.verdict for v in result.verdicts]
    counts = [f"{words.count(w)} {w}" for w in MARKS if w in words]
    return f"{counted(len(words), 'claim')}: {', '.join(counts)}" if words else "no claims"
