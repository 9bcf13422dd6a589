"""Verdicts of compound claims from those of their comparisons."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from heldout.core.claim import AllOf, AtLeast, Atom, Claim, Compare, Given, Near
from heldout.core.verdict import Verdict


def atoms(claim: Claim, *, counted: bool = True) -> Iterator[tuple[Atom, bool]]:
    """Every comparison that a claim needs, in order, and whether it counts in the multiplicity: conditions do not."""
    if isinstance(claim, Compare | Near):
        yield claim, counted
    elif isinstance(claim, Given):
        yield from atoms(claim.part, counted=counted)
        yield from atoms(claim.condition, counted=False)
    elif isinstance(claim, AllOf | AtLeast):
        for part in claim.parts:
            yield from atoms(part, counted=counted)
    else:
        raise TypeError(claim)


def compose(claim: Claim, verdicts: Iterator[Verdict]) -> Verdict:
    """The verdict of a claim from those of its comparisons, which come in the order of `atoms`."""
    if isinstance(claim, Given):
        part = compose(claim.part, verdicts)
        return _given(claim, part, compose(claim.condition, verdicts))
    if isinstance(claim, AllOf | AtLeast):
        return _several(claim, [compose(p, verdicts) for p in claim.parts])
    return next(verdicts)


def _given(claim: Given, part: Verdict, condition: Verdict) -> Verdict:
    """Void where the condition is shown not to hold, undecided while it is open."""
    parts = (*(part.parts or (part,)), replace(condition, claim="given"))
    whole = replace(part, statement=claim.text, parts=parts)
    if condition.verdict in ("refuted", "void"):
        return replace(whole, verdict="void", reason=f"its condition does not hold: {_told(condition)}")
    if condition.verdict == "undecided":
        why = f" ({condition.reason})" if condition.reason else ""
        return replace(whole, verdict="undecided", reason=f"its condition is open: {condition.statement}{why}")
    return whole


def _told(verdict: Verdict) -> str:
    return (
        f"{verdict.statement} was {verdict.verdict}, at {verdict.estimate:.4g} [{verdict.low:.4g}, {verdict.high:.4g}]"
    )


def _several(claim: AllOf | AtLeast, parts: Sequence[Verdict]) -> Verdict:
    """Decided as soon as the open parts cannot change it; its numbers are those of the part that it hangs on."""
    count = {word: sum(p.verdict == word for p in parts) for word in ("supported", "refuted", "undecided", "void")}
    needed = len(parts) if isinstance(claim, AllOf) else claim.k
    if count["supported"] >= needed:
        word = "supported"
    elif len(parts) - count["refuted"] < needed:
        word = "refuted"
    elif count["supported"] + count["undecided"] < needed:
        word = "void"
    else:
        word = "undecided"
    hinge = max((p for p in parts if p.verdict == word), key=lambda p: p.n)
    numbered = tuple(replace(p, claim=str(i)) for i, p in enumerate(parts, 1))
    reason = hinge.reason
    if word == "undecided":
        reason = f"{count['undecided']} of {len(parts)} parts open: {hinge.statement}" + (
            f" ({reason})" if reason else ""
        )
    return replace(hinge, statement=claim.text, verdict=word, reason=reason, parts=numbered)
