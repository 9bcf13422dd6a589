"""A paper's question as a value: tasks, learners, probes, claims, budget."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

from heldout.core.claim import Claim
from heldout.core.errors import HeldoutError
from heldout.core.expression import Exact, Mean
from heldout.core.measure import AtBest, Forgetting, Leaf, Measure, OverSeeds, Score, StepsTo
from heldout.core.probe import Probe
from heldout.core.split import select
from heldout.core.sweep import Sweep


@dataclass(frozen=True)
class Paper:
    """Where a claim comes from. `published`: the paper's own figures, by name, as text to stand beside ours.

    The slug names files (report, evidence), so that it is short and has letters, digits and `._-` only.
    """

    slug: str
    title: str = ""
    year: int | None = None
    authors: str = ""
    arxiv: str = ""
    published: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", self.slug):
            raise HeldoutError(
                f"the slug {self.slug[:40]!r} cannot name a file: give letters, digits and hyphens, such as deep-ensembles"
            )


MOST = 50_000
"""Seeds or items that a budget may name: beyond them the looks of an exact test take longer to plan than to reach."""


@dataclass(frozen=True)
class Budget:
    """How much may be spent: `seeds` and `items` cap a claim's units and fix the looks, `minutes` caps the clock."""

    seeds: int = 48
    items: int = 1600
    minutes: float = 10.0

    def __post_init__(self) -> None:
        if self.seeds < 1 or self.items < 1:
            raise HeldoutError(
                f"a budget needs at least one seed and one item, and got seeds={self.seeds}, items={self.items}"
            )
        if max(self.seeds, self.items) > MOST:
            raise HeldoutError(f"a budget of {max(self.seeds, self.items)} seeds or items: give at most {MOST}")
        if not self.minutes > 0:
            raise HeldoutError(f"a budget needs a positive number of minutes, and got {self.minutes:g}")


@dataclass(frozen=True)
class Study:
    """Paper, tasks, learners, probes, claims, budget.

    `measures`: named numbers to print beside the claims. Probes default to the score on every split.
    Construction checks every claim: a split, cell or probe that does not exist is an error before anything runs.
    """

    paper: Paper
    tasks: Sequence[Any]
    learners: Sequence[Any]
    claims: Mapping[str, Claim]
    probes: tuple[Probe, ...] = ()
    budget: Budget = Budget()
    measures: Mapping[str, Measure] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _names_differ("task", self.tasks)
        _names_differ("learner", self.learners)
        for name, claim in self.claims.items():
            if not isinstance(claim, Claim):
                raise HeldoutError(f"claim {name!r} is {claim!r}, not a claim: compare a measure with something")
            for measure in claim.measures():
                self._check(f"claim {name!r}", measure)
        for name, measure in self.measures.items():
            self._check(f"measure {name!r}", measure)

    @property
    def slug(self) -> str:
        """The paper's slug: the study's name on the command line."""
        return self.paper.slug

    def leaves(self) -> Iterator[Leaf]:
        """Every cell measure that a claim or a printed measure needs."""
        for claim in self.claims.values():
            for measure in claim.measures():
                yield from measure.leaves()
        for measure in self.measures.values():
            yield from measure.leaves()

    def _check(self, where: str, measure: Measure) -> None:
        inner = measure.part if isinstance(measure, Mean | Exact) else measure
        if any(isinstance(m, Mean | Exact) for m in _below(inner)):
            raise HeldoutError(f"{where}: mean() and exact() are allowed outermost only")
        for leaf in measure.leaves():
            self._check_leaf(where, leaf)
        self._check_units(where, measure)

    def _check_units(self, where: str, measure: Measure) -> None:
        from heldout.core.cell import unit  # cells are made from studies

        units = {leaf: unit(leaf) for leaf in measure.leaves()}
        if len(set(units.values())) > 1:
            each = "; ".join(f"{leaf.text} has one number per {found}" for leaf, found in units.items())
            raise HeldoutError(f"{where} mixes units: {each}")

    def _check_leaf(self, where: str, leaf: Leaf) -> None:
        if leaf.task not in self.tasks:
            raise HeldoutError(f"{where}: task {leaf.task.name!r} is not among the study's tasks ({_list(self.tasks)})")
        for one in (leaf.learner, *(leaf.beside if isinstance(leaf, OverSeeds) else ())):
            if one not in self.learners:
                raise HeldoutError(
                    f"{where}: learner {one.name!r} is not among the study's learners ({_list(self.learners)})"
                )
        splits = (getattr(leaf, "on", None) or leaf.task).splits
        if not select(splits, leaf.where):
            known = list(dict.fromkeys([s.name for s in splits] + [s.axis for s in splits if s.axis]))
            near = get_close_matches(str(leaf.where), known, 3) or known[:8]
            raise HeldoutError(
                f"{where}: task {leaf.task.name!r} has no split or axis {leaf.where!s}; there is {', '.join(near)}"
            )
        if isinstance(leaf, StepsTo) and len(several := select(splits, leaf.where)) > 1:
            raise HeldoutError(
                f"{where}: {leaf.text} names {len(several)} splits: give one, such as {several[0].name!r}"
            )
        if isinstance(leaf, Score):
            self._check_score(where, leaf)
        if isinstance(leaf, Forgetting) and not any(
            p.name == "score" and len(p.at.steps(leaf.learner.steps)) > 1 for p in self.probes
        ):
            raise HeldoutError(
                f"{where}: {leaf.text} needs scores at several steps: give the score's probe at=every(k)"
            )

    def _check_score(self, where: str, leaf: Score) -> None:
        if isinstance(leaf.learner, Sweep) and not isinstance(leaf.at, AtBest):
            raise HeldoutError(f"{where}: {leaf.learner.name!r} is a sweep: say which one with at=best('iid')")
        names = {p.name for p in self.probes} | {"score"}
        if leaf.probe.split(".")[0] not in names:
            raise HeldoutError(f"{where}: no probe {leaf.probe!r}; there is {', '.join(sorted(names))}")
        if taken := [p for p in self.probes if p.name == leaf.probe.split(".")[0]]:
            self._check_taken(where, leaf, taken)
        on_own = leaf.on is None and isinstance(leaf.at, AtBest) and leaf.at.where in ("train", "iid")
        if isinstance(leaf.at, AtBest) and not leaf.at.oracle and not on_own:
            by = "a shifted split" if leaf.on is None else f"scores on {leaf.on.name!r}, which it is not trained on"
            raise HeldoutError(f"{where}: best({leaf.at.where!r}) would choose by {by}; say oracle=True if you mean it")

    def _check_taken(self, where: str, leaf: Score, taken: Sequence[Probe]) -> None:
        task = leaf.on or leaf.task
        measured = {s.name for p in taken for s in p.splits(task)}
        if lacking := [s.name for s in select(task.splits, leaf.where) if s.name not in measured]:
            raise HeldoutError(f"{where}: probe {taken[0].name!r} is not taken on {lacking[0]!r}: name it in its `on`")


def _below(measure: Measure) -> Iterator[Measure]:
    yield measure
    for part in measure.parts:
        yield from _below(part)


def _names_differ(kind: str, things: Sequence[Any]) -> None:
    names = [t.name for t in things]
    for name in names:
        if names.count(name) > 1:
            raise HeldoutError(f"two {kind}s are called {name!r}: give one of them another name")


def _list(things: Sequence[Any]) -> str:
    return ", ".join(t.name for t in things)
