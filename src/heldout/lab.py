"""The only loop: plan what is missing, run it, record it, judge; until every claim is decided or the budget is spent."""

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from heldout.claims import Expected, expected, judge, leasts, lock
from heldout.core.cell import Cell, asked, grid
from heldout.core.claim import Claim
from heldout.core.digest import digest
from heldout.core.measure import Leaf, Measure, OverSeeds
from heldout.core.result import MeasureRow, Result, SampleFile
from heldout.core.study import Study
from heldout.core.values import Values
from heldout.core.verdict import Verdict
from heldout.measures import Rows, evaluate, table
from heldout.measures.table import interval
from heldout.runner.event import Event, Report, Watch, ignore
from heldout.runner.executor import Execute, Place, executor
from heldout.runner.plan import Batch, blocks, missing, probes
from heldout.stats.looks import schedule
from heldout.store import Store, open_store

SMOKE_SEEDS, SMOKE_ITEMS, SMOKE_N = 2, 50, 64


@dataclass(frozen=True)
class Options:
    """How a study is conducted, other than what it asks.

    `workers`: processes, one per core where 0. `on`: `local`, or a Ray cluster as `ray` or `ray://HOST:PORT`. `seeds`, `minutes`: caps in place of the study's. `smoke`: two seeds of a
    few steps, in a store that is thrown away. `units`: the number of units per cell digest, as a replay needs, in place
    of looking until decided.
    """

    workers: int = 0
    seeds: int | None = None
    minutes: float | None = None
    smoke: bool = False
    units: Mapping[str, int] | None = None
    on: str = "local"


@dataclass(frozen=True)
class Work:
    """A study being conducted: its cells, where its records go, who runs its batches, who watches."""

    study: Study
    cells: tuple[Cell, ...]
    store: Store
    execute: Execute
    watch: Watch
    options: Options
    deadline: float


def conduct(
    study: Study,
    store: Store,
    options: Options = Options(),
    watch: Watch = ignore,
    reference: str | None = None,
) -> Result:
    """Run a study against a store, and say what became of its claims.

    `reference`: where worker processes find the study (a module or a file); without it all runs in this process.
    """
    begun = time.monotonic()
    study = capped(study, options)
    with ExitStack() as stack:
        if options.smoke:
            store = open_store(stack.enter_context(tempfile.TemporaryDirectory(prefix="heldout-smoke-")))
        deadline = begun + 60 * study.budget.minutes
        execute = stack.enter_context(
            executor(store, watch, None if options.smoke else reference, Place(options.workers, options.on), deadline)
        )
        work = Work(study, grid(study), store, execute, watch, options, deadline)
        locked = lock(study.claims, study.budget)
        revisions = store.lock(study.slug, locked)
        result = _result(work, _until_decided(work))
        store.keep_verdicts(study.slug, locked, result.verdicts, result.provenance.get("commit", ""))
        return replace(result, seconds=time.monotonic() - begun, revisions=revisions)


def recall(study: Study, store: Store, options: Options = Options()) -> Result:
    """What the store already has of a study, judged; nothing is run."""
    begun = time.monotonic()
    study = capped(study, options)
    work = Work(study, grid(study), store, lambda _: iter(()), ignore, options, 0.0)
    result = _result(work, [])
    return replace(result, seconds=time.monotonic() - begun, revisions=store.revisions(study.slug))


def capped(study: Study, options: Options) -> Study:
    """The study with the budget that the options leave it."""
    budget = study.budget
    if options.smoke:
        budget = replace(budget, seeds=SMOKE_SEEDS, items=SMOKE_ITEMS)
        study = replace(study, probes=tuple(replace(p, n=min(p.n, SMOKE_N)) for p in probes(study)))
    if options.seeds is not None:
        budget = replace(budget, seeds=options.seeds)
    if options.minutes is not None:
        budget = replace(budget, minutes=options.minutes)
    return replace(study, budget=budget)


def _until_decided(work: Work) -> list[Report]:
    reports: list[Report] = []
    targets = dict(work.options.units) if work.options.units is not None else first_look(work.study, work.cells)
    while True:
        reports += _bring(work, targets)
        verdicts = _judged(work, rows(work.study, work.cells, work.store), reports, intervals=False)
        work.watch(Event("look", verdicts=verdicts))
        if work.options.units is not None or time.monotonic() > work.deadline:
            return reports
        grown = next_look(work.study, work.cells, targets, verdicts)
        if grown == targets:
            return reports
        targets = grown


def _bring(work: Work, targets: Mapping[str, int]) -> list[Report]:
    """Run what the store lacks, cells that others need first."""
    reports: list[Report] = []
    wanted = with_needs(work.cells, targets)
    kept = {need.digest for cell in work.cells for need in cell.needs}
    for depth in sorted({c.depth for c in work.cells}):
        here = [c for c in work.cells if c.depth == depth]
        batches = missing(here, work.study, work.store, wanted, kept)
        if work.options.smoke:
            batches = [smoke(b) for b in batches]
        work.watch(Event("plan", total=sum(len(b.units) for b in batches)))
        if batches:
            reports += work.execute(batches)
    return reports


def smoke(batch: Batch) -> Batch:
    """The batch cut to a few steps."""
    steps = batch.cell.learner.steps
    return replace(batch, until=min(steps, max(2, min(10, steps // 100)))) if steps else batch


def with_needs(cells: Sequence[Cell], targets: Mapping[str, int]) -> dict[str, int]:
    """The targets, raised where the models of other cells need more seeds."""
    raised = dict(targets)
    for cell in reversed(cells):  # the needed come first
        for _, reference in cell.references:
            need = Cell(reference.task, reference.learner).digest
            n = raised.get(cell.digest, 0) if reference.seed is None else reference.seed + 1
            raised[need] = max(raised.get(need, 0), n)
    return raised


def first_look(study: Study, cells: Sequence[Cell]) -> dict[str, int]:
    """Every cell's first number of units: the least at which any claim could be decided, and no cell is left out."""
    seeds, items = study.budget.seeds, study.budget.items
    needed = list(least_units(study).values())
    first = min((n for n, unit in needed if n is not None and unit != "item"), default=None)
    first_items = min((n for n, unit in needed if n is not None and unit == "item"), default=items)
    n_seeds = seeds if first is None else next((n for n in schedule(seeds) if n >= first), seeds)
    return {c.digest: _block(first_items, items) if c.unit == "item" else n_seeds for c in cells}


def next_look(
    study: Study, cells: Sequence[Cell], targets: Mapping[str, int], verdicts: Sequence[Verdict]
) -> dict[str, int]:
    """The targets with the cells of open claims brought to their next look."""
    grown = dict(targets)
    known, least_by_claim = {c.digest: c for c in cells}, least_units(study)
    for (name, claim), verdict in zip(study.claims.items(), verdicts, strict=True):
        needed = least_by_claim[name][0]
        if verdict.decided or needed is None:
            continue
        mine = {c.digest for leaf in _leaves(claim) for c in asked(leaf) if c.digest in known}
        low = min((targets[d] for d in mine), default=0)
        for one in mine:
            grown[one] = max(grown[one], _next(study, known[one], low, needed))
    return grown


def _next(study: Study, cell: Cell, n: int, needed: int) -> int:
    if cell.unit == "item":
        return _block(max(n + 1, needed), study.budget.items)
    return next((look for look in schedule(study.budget.seeds) if look > n and look >= needed), study.budget.seeds)


def _block(n: int, cap: int) -> int:
    """The items in as many blocks as hold `n`, or the cap."""
    start, size = blocks(min(n, cap))[-1]
    return min(start + size, cap)


def progress(study: Study, store: Store, verdicts: Sequence[Verdict]) -> tuple[int, int]:
    """Units that are finished and units planned up to the next look, given the verdicts on what the store has."""
    cells = grid(study)
    targets = first_look(study, cells)
    while True:
        done = _finished(study, cells, targets, store)
        grown = next_look(study, cells, targets, verdicts) if done == targets else targets
        if grown == targets:
            return sum(done.values()), sum(targets.values())
        targets = grown


def _finished(study: Study, cells: Sequence[Cell], targets: Mapping[str, int], store: Store) -> dict[str, int]:
    """How many of the units wanted are there, by cell digest, every probe of them."""
    known = store.done([c.digest for c in cells])
    found = {}
    for cell in cells:
        have, taken = known.get(cell.digest, {}), [digest(p) for p in probes(study) if p.splits(cell.task)]
        units = set[int].intersection(*(have.get(p, set()) for p in taken)) if taken else set[int]()
        wanted = targets[cell.digest]
        sizes = dict(blocks(wanted)) if cell.unit == "item" else dict.fromkeys(range(wanted), 1)
        found[cell.digest] = sum(size for start, size in sizes.items() if start in units)
    return found


def least_units(study: Study) -> dict[str, tuple[int | None, str]]:
    """For every claim the least seeds or items that can decide it, and the unit."""
    found = leasts(study.claims, study.budget)
    return {name: _in_seeds(study.claims[name], n) for name, n in found.items()}


def expected_units(study: Study, effect: float) -> dict[str, Expected | None]:
    """For every claim the seeds or items that it takes on average at an effect in standard deviations, and its power."""
    found = expected(study.claims, study.budget, effect)
    return {k: e and replace(e, units=e.units * _block_of(study.claims[k])) for k, e in found.items()}


def _in_seeds(claim: Claim, n: int | None) -> tuple[int | None, str]:
    """Units of a claim as seeds, of which a block takes several, or as items."""
    leaves = list(_leaves(claim))
    return (None if n is None else n * _block_of(claim)), asked(leaves[0])[0].unit if leaves else "seed"


def _block_of(claim: Claim) -> int:
    return max((leaf.block for leaf in _leaves(claim) if isinstance(leaf, OverSeeds)), default=1)


def _leaves(claim: Claim) -> Iterator[Leaf]:
    for measure in claim.measures():
        yield from measure.leaves()


def rows(study: Study, cells: Sequence[Cell], store: Store) -> Rows:
    """The records of a study's cells, and their items where a measure needs them."""
    digests = [c.digest for c in cells]
    wanted = {c.digest for c in cells if c.unit == "item"}
    wanted |= {c.digest for leaf in study.leaves() if isinstance(leaf, OverSeeds) for c in asked(leaf)}
    taken = [digest(p) for p in probes(study)]
    return Rows(store.records(digests, probes=taken), store.items(sorted(wanted), probes=taken) if wanted else {})


def _judged(work: Work, found: Rows, reports: Sequence[Report], *, intervals: bool) -> tuple[Verdict, ...]:
    failed = {cell: len(units) for cell, units in lost(reports).items()}
    return judge(work.study.claims, partial(_values, work, found, failed), work.study.budget, intervals=intervals)


def lost(reports: Sequence[Report]) -> dict[str, set[int]]:
    """The units that failed and have not run since, by cell digest: a batch may be tried again at every look."""
    found: dict[str, set[int]] = {}
    for report in reports:
        mine = found.setdefault(report.cell, set())
        mine |= set(report.units)
        if not report.error:
            mine -= set(report.units)
    return found


def _values(work: Work, found: Rows, failed: Mapping[str, int], measure: Measure) -> Values:
    """The measure over the units within the budget."""
    values = evaluate(measure, found)
    cap = work.study.budget.items if values.unit == "item" else work.study.budget.seeds
    inside = values.units < cap
    lost = max((failed.get(c.digest, 0) for leaf in measure.leaves() for c in asked(leaf)), default=0)
    censored = None if values.censored is None else values.censored[inside]
    return Values(values.units[inside], values.values[inside], values.unit, censored, values.failed + lost)


def _result(work: Work, reports: Sequence[Report]) -> Result:
    study, cells = work.study, work.cells
    found = rows(study, cells, work.store)
    runs = work.store.runs([c.digest for c in cells])
    ran = {r.cell for r in reports if not r.error}
    names = list(dict.fromkeys(found.records["probe"].tolist()))
    scores, gaps = table(cells, found, names)
    return Result(
        study,
        _judged(work, found, reports, intervals=True),
        scores,
        tuple(_measure_row(name, m, partial(_values, work, found, {})) for name, m in study.measures.items()),
        _samples(work),
        cpu_seconds=float(np.sum(runs["cpu_seconds"])),
        cells_run=len(ran),
        cells_reused=len({str(c) for c in runs["cell"]} - ran),
        diverged=int(np.sum(runs["status"] == "diverged")),
        failed=sum(map(len, lost(reports).values())),
        provenance=_provenance(runs),
        gaps=gaps,
        warnings=work.store.warnings + tuple(sorted({r.error for r in reports if r.error})),
    )


def _measure_row(name: str, measure: Measure, values: Callable[[Measure], Values]) -> MeasureRow:
    found = values(measure)
    if not len(found):
        return MeasureRow(name, measure.text, np.nan, np.nan, np.nan, 0, found.unit)
    low, high = interval(found.values, measure.bounds, found.unit)
    return MeasureRow(name, measure.text, float(found.values.mean()), low, high, len(found), found.unit)


def _samples(work: Work) -> tuple[SampleFile, ...]:
    from heldout.runner import samples

    found: list[SampleFile] = []
    for task in dict.fromkeys(c.task for c in work.cells):
        folder = work.store.folder / "samples" / digest(task)
        kept = samples.read(task.name, folder)
        if kept is None and work.deadline:
            samples.write(task, work.store.path("samples", digest(task)))
            kept = samples.read(task.name, folder)
        found += kept or ()
    return tuple(found)


def _provenance(runs: Mapping[str, np.ndarray]) -> dict[str, str]:
    """What the latest of the runs were made with."""
    if not len(runs["started"]):
        return {}
    last = int(np.argmax(runs["started"]))
    return {
        name: str(runs[name][last]) for name in ("host", "device", "commit", "dirty", "packages", "command", "started")
    }
