"""Claims about what was recorded."""

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from heldout.claims import judge as decided
from heldout.claims.lock import lock
from heldout.claims.notation import parse
from heldout.core.cell import Cell
from heldout.core.claim import Claim
from heldout.core.errors import HeldoutError
from heldout.core.split import Split
from heldout.core.study import Budget, Paper, Study
from heldout.core.verdict import Verdicts
from heldout.measures import Rows, evaluate
from heldout.recording.recorded import RecordedSystem, RecordedTask
from heldout.store import Store, open_store


def judge(
    claims: Mapping[str, str | Claim],
    store: str | Path = ".heldout",
    *,
    seeds: int = 48,
    alpha: float = 0.05,
) -> Verdicts:
    """Decide claims about recorded tasks and systems, one verdict each, in order.

    `claims`: name to statement, such as `score("my-task", "new", "length-80") > score("my-task", "old", "length-80")`.
    `seeds`: the cap that the looks are planned for; state it once and keep it, however often you look. P(any wrong verdict)
    is at most `alpha`. HeldoutError names a task, system or split of which there is no record.
    """
    opened = open_store(store, create=False)
    tasks, systems, cells = recorded(opened)
    if not cells:
        raise HeldoutError(f"the store {store} holds no recorded runs: `with heldout.record(...)` makes them")
    names = {s.name: s for s in systems} | {t.name: t for t in tasks}
    read = {name: parse(text, names) if isinstance(text, str) else text for name, text in claims.items()}
    budget = Budget(seeds=seeds)
    Study(
        Paper("recorded"), tasks, systems, read, budget=budget
    )  # a task, system or split that is not there is an error
    digests = [c.digest for c in cells]
    rows = Rows(opened.records(digests), opened.items(digests))
    verdicts = decided(read, partial(evaluate, rows=rows), budget, alpha=alpha)
    opened.keep_verdicts("recorded", lock(read, budget), verdicts, "")
    return Verdicts(verdicts)


def recorded(store: Store) -> tuple[tuple[RecordedTask, ...], tuple[RecordedSystem, ...], tuple[Cell, ...]]:
    """What a store has records of: tasks with the splits that were measured, systems, and their cells."""
    _, rows = store.query(
        'SELECT DISTINCT r.task, r.learner, r.split, r.axis, r."group", r.level FROM records r '
        "JOIN (SELECT DISTINCT cell FROM runs WHERE mode = 'recorded') USING (cell) ORDER BY ALL"
    )
    _, specs = store.query("SELECT name, low, high FROM specs WHERE kind = 'task' AND json = ''")
    bounds = {name: (low, high) for name, low, high in specs}
    splits: dict[str, dict[Split, None]] = {}
    for task, _, name, axis, group, level in rows:
        splits.setdefault(task, {})[Split(name, axis or None, level, group or None, train=name == "train")] = None
    for task, found in splits.items():
        names = [s.name for s in found]
        if twice := next((name for name in names if names.count(name) > 1), None):
            raise HeldoutError(
                f"split {twice!r} of task {task!r} was recorded with different axes, groups or levels: record it alike in every run"
            )
    tasks = {name: RecordedTask(name, tuple(found), bounds.get(name, (0.0, 1.0))) for name, found in splits.items()}
    pairs = sorted({(task, learner) for task, learner, *_ in rows})
    systems = {learner: RecordedSystem(learner) for _, learner in pairs}
    return (
        tuple(tasks.values()),
        tuple(systems.values()),
        tuple(Cell(tasks[task], systems[learner]) for task, learner in pairs),
    )
