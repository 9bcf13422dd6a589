"""Claims about the systems of a table, in heldout's notation, decided on what the table holds.

`score("B") > score("A") + 0.01` is about the mean over tasks, `score("B", "task")` about one task; scores may be added,
subtracted and multiplied by numbers, in one claim both of all tasks and of one. The sample is what it is, so that the tests are
of a fixed sample; Holm's method over all comparisons that the claims are made of.
"""

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from scipy import special

from heldout.claims.composition import atoms, compose
from heldout.claims.notation import parse
from heldout.core.claim import Atom, Claim, Compare
from heldout.core.errors import HeldoutError
from heldout.core.expression import Linear, Mean
from heldout.core.measure import Measure, Score
from heldout.core.verdict import Verdict, Word
from heldout.results import flips, paired, units
from heldout.results.table import Items, Table
from heldout.stats import aggregate, stratified
from heldout.stats.multiplicity import holm

ALL = "all tasks"


@dataclass(frozen=True)
class Named:
    """A system or a task as claims speak of it."""

    name: str
    bounds: tuple[float, float] = (-math.inf, math.inf)


@dataclass(frozen=True)
class Found:
    """What the table says of one comparison: `above` and `below` are one-sided p-values of lying beyond its ends."""

    estimate: float
    low: float
    high: float
    n: int
    unit: str
    method: str
    assumption: str
    above: float
    below: float
    reason: str | None = None


def read(text: str) -> dict[str, str]:
    """Claims by name from lines `name: statement`; blank lines and those that start with # are passed over."""
    found: dict[str, str] = {}
    for number, row in enumerate(text.splitlines(), 1):
        line = row.strip()
        if not line or line.startswith("#"):
            continue
        name, colon, statement = line.partition(":")
        name = name.strip()
        if not colon or "(" in name or not statement.strip():
            raise HeldoutError(
                f'claims, line {number}: write `name: statement`, such as `b wins: score("B") > score("A")`'
            )
        if name in found:
            raise HeldoutError(f"claims, line {number}: {name!r} is there already: give each claim a name of its own")
        found[name] = statement.strip()
    if not found:
        raise HeldoutError("no claim in the file: write one `name: statement` per line")
    return found


def decided(statements: Mapping[str, str], table: Table, alpha: float = 0.05, seed: int = 0) -> tuple[Verdict, ...]:
    """A verdict on each claim, in order. HeldoutError names the claim that cannot be read, and where."""
    parsed = {name: understood(name, text, table) for name, text in statements.items()}
    every = [[(atom, counted, _found(atom, table, seed)) for atom, counted in atoms(c)] for c in parsed.values()]
    flat = [row for rows in every for row in rows]
    if not flat:
        return ()
    levels = _adjusted(flat)
    verdicts = iter(_verdict(atom, found, p, alpha) for (atom, _, found), p in zip(flat, levels, strict=True))
    return tuple(_called(compose(claim, verdicts), name, claim) for name, claim in parsed.items())


def _called(verdict: Verdict, name: str, claim: Claim) -> Verdict:
    return replace(verdict, claim=name, statement=_plain(claim))


def _plain(claim: Claim) -> str:
    """The statement as people write it here: the system first, no split."""
    text = claim.text
    for leaf in (leaf for measure in claim.measures() for leaf in measure.leaves()):
        where = "" if leaf.task.name == ALL else f", {leaf.task.name.removeprefix('task ')}"
        text = text.replace(leaf.text, f"score({leaf.learner.name}{where})")
    return text


def understood(name: str, text: str, table: Table) -> Claim:
    """The claim that a statement makes of the table's systems and tasks."""
    known = {system: Named(system) for system in table.systems}
    clash = set(known) & {*table.tasks, ALL}
    names = known | {task: Named(task) for task in (*table.tasks, ALL) if task not in clash}
    try:
        return parse(_with_tasks(text, clash), names | {f"task {t}": Named(t) for t in clash})
    except HeldoutError as error:
        raise HeldoutError(f"claim {name!r}: {error}") from None


def _with_tasks(text: str, clash: set[str]) -> str:
    """`score(system)` and `score(system, task)` as the notation has them: the task first."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "score":
                _turn(node, clash)
        return ast.unparse(tree)
    except SyntaxError as error:
        raise HeldoutError(f"column {error.offset or 1}: cannot be read: {error.msg}") from None
    except (RecursionError, MemoryError, ValueError):
        raise HeldoutError("too deep, or not text") from None


def _turn(node: ast.Call, clash: set[str]) -> None:
    if node.keywords or not 1 <= len(node.args) <= 2:
        raise HeldoutError('write score("system") or score("system", "task")')
    task = node.args[1] if len(node.args) == 2 else ast.Constant(ALL)
    if isinstance(task, ast.Constant) and task.value in clash:
        task = ast.Constant(f"task {task.value}")
    node.args = [task, node.args[0]]


def _adjusted(rows: list[tuple[Atom, bool, Found]]) -> list[float]:
    """Holm's p-values of every comparison; those of conditions stand alone."""
    smallest = np.array([min(1.0, 2 * min(found.above, found.below)) for _, _, found in rows])
    counted = np.array([c for _, c, _ in rows])
    if counted.any():
        smallest[counted] = holm(smallest[counted])
    return smallest.tolist()


def _verdict(atom: Atom, found: Found, p: float, alpha: float) -> Verdict:
    word: Word = "undecided"
    if p <= alpha and found.reason is None:
        wanted = not isinstance(atom, Compare) or atom.side > 0
        word = "supported" if (found.above < found.below) == wanted else "refuted"
    reason = found.reason or (None if word != "undecided" else f"p is {p:.2g} after allowing for all claims")
    bound = atom.bound if isinstance(atom, Compare) else atom.target
    return Verdict(
        atom.text,
        _plain(atom),
        word,
        found.estimate,
        found.low,
        found.high,
        alpha,
        found.n,
        found.unit,
        found.method,
        found.assumption,
        reason,
        bound,
    )


def _found(atom: Atom, table: Table, seed: int) -> Found:
    terms = _terms(atom.measure)
    if terms is None:
        return _open("only scores added, subtracted and multiplied by numbers can be decided from a table")
    spread = _over_tasks(table, terms[0])
    if spread is None:
        return _open(
            "clusters reach over tasks, or runs do, which then share them: claim something of all tasks or of one"
        )
    scopes = {scope: [(w, s) for w, s, t in spread if t == scope] for scope in dict.fromkeys(t for *_, t in spread)}
    parts = [part for scope, rows in scopes.items() if (part := _scope(table, scope, rows)) is not None]
    if not parts or len(parts) < len(scopes):
        return _open("a system has no score there")
    whole = parts[0] if len(parts) == 1 else _summed(parts)
    if not math.isfinite(whole.error):
        return _open("one score each: how scores vary is unknown", whole.estimate + terms[1])
    if whole.successes is not None and terms[1] == 0:
        return _proportion(atom, whole)
    return _tested(atom, replace(whole, estimate=whole.estimate + terms[1]), seed)


def _over_tasks(table: Table, terms: list[tuple[float, str, str]]) -> list[tuple[float, str, str]] | None:
    """The terms, of which no two share runs: beside one task, all tasks are told one by one; None where clusters forbid it."""
    scopes = {task for *_, task in terms}
    if len(scopes) < 2:
        return terms
    if table.trained is not None or (table.items is not None and table.items.cluster is not None):
        return None
    if ALL not in scopes:
        return terms
    means = units.task_means(table)[[table.systems.index(s) for _, s, t in terms if t == ALL]]
    shared = [table.tasks[t] for t in np.flatnonzero(~np.isnan(means).any(axis=0)).tolist()]
    weights: dict[tuple[str, str], float] = {}
    for weight, system, task in terms:
        for one in shared if task == ALL else [task]:
            weights[system, one] = weights.get((system, one), 0.0) + weight / (len(shared) if task == ALL else 1)
    return [(weight, system, task) for (system, task), weight in weights.items()]


def _summed(parts: list["Part"]) -> "Part":
    """Parts on tasks of their own, which share nothing: errors add up, degrees of freedom after Satterthwaite."""
    squares = np.array([part.error**2 for part in parts])
    below = float((squares**2 / np.array([part.freedom for part in parts])).sum())
    freedom = float(squares.sum() ** 2 / below) if below > 0 else 1.0
    total = sum(part.estimate for part in parts)
    return Part(total, math.sqrt(float(squares.sum())), freedom, sum(part.n for part in parts), parts[0].unit)


def _tested(atom: Atom, part: "Part", seed: int) -> Found:
    """Sign flips where an effect of zero means that systems are exchangeable, else Student's t."""
    zero = isinstance(atom, Compare) and atom.measure.centre == 0 and atom.bound == 0
    reach = float(special.stdtrit(part.freedom, 0.975)) * part.error if part.error > 0 else math.inf
    ends = part.estimate - reach, part.estimate + reach
    if zero and part.flips is not None:
        test = flips.step_down(part.flips, seed)
        half = float(test.p[0]) / 2
        tails = (half, 1 - half) if part.estimate > 0 else (1 - half, half)
        how = f"sign flips of {part.unit}s ({'all' if test.exact else f'{test.flips:,} random'}), fixed sample"
        given = f"without an effect the systems are exchangeable within a {part.unit}"
        return Found(part.estimate, *ends, part.n, part.unit, how, given, *tails)
    if part.error == 0:
        return _open("the scores do not vary, so that their spread is unknown", part.estimate)
    how, given = f"t test over {part.unit}s, fixed sample", f"the mean over {part.unit}s is close to normal"
    tails = _tails(atom, part.estimate, part.error, part.freedom)
    return Found(part.estimate, *ends, part.n, part.unit, how, given, *tails)


def _open(reason: str, estimate: float = math.nan) -> Found:
    return Found(estimate, -math.inf, math.inf, 0, "run", "none", "", 1.0, 1.0, reason)


def _tails(atom: Atom, estimate: float, error: float, freedom: float) -> tuple[float, float]:
    """One-sided p-values: for a comparison of lying above and below its bound, for `near` of lying inside and outside."""

    def beyond(bound: float) -> float:
        return float(special.stdtr(freedom, -(estimate - bound) / error))

    if isinstance(atom, Compare):
        return beyond(atom.bound), 1 - beyond(atom.bound)
    low, high = atom.target - atom.margin, atom.target + atom.margin
    # Holm's p doubles the smaller one, which keeps the whole 95% interval inside as `near` asks
    return max(beyond(low), 1 - beyond(high)), min(1 - beyond(low), beyond(high))


def _terms(measure: Measure) -> tuple[list[tuple[float, str, str]], float] | None:
    """(weight, system, task) of each score, and the constant; None for anything but a sum of scores."""
    if isinstance(measure, Mean):
        return _terms(measure.part)
    if isinstance(measure, Score):
        return [(1.0, measure.learner.name, measure.task.name)], 0.0
    if isinstance(measure, Linear) and all(isinstance(m, Score) for m in measure.parts):
        return [(w, m.learner.name, m.task.name) for w, m in measure.terms if isinstance(m, Score)], measure.constant
    return None


@dataclass(frozen=True)
class Part:
    """A weighted sum of systems on one task, or on all: `flips` where units are shared; `successes` of zeros and ones."""

    estimate: float
    error: float
    freedom: float
    n: int
    unit: str
    flips: paired.Paired | None = None
    successes: int | None = None


def _scope(table: Table, scope: str, rows: list[tuple[float, str]]) -> Part | None:
    weights, places = np.array([w for w, _ in rows]), [table.systems.index(s) for _, s in rows]
    chosen = None if scope == ALL else table.tasks.index(scope)
    shared = _shared(table, chosen)
    if shared is None:
        return _apart(table, chosen, weights, places)
    values = sum(w * shared.values[p] for w, p in zip(weights, places, strict=True))
    one = units.Units(np.asarray(values)[None], shared.task, shared.unit, shared.cluster)
    if np.isnan(one.values).all():
        return None
    found = paired.paired(one, np.array([0]))
    binary = len(rows) == 1 and weights[0] == 1 and shared.unit == "item" and shared.cluster is None
    binary = binary and len(np.unique(shared.task)) == 1 and bool(np.isin(values, (0, 1)).all())
    return Part(
        float(found.difference[0]),
        float(found.error[0]),
        float(found.freedom[0]),
        int(found.n[0]),
        shared.unit,
        found if len(rows) > 1 else None,
        int(np.sum(values)) if binary else None,
    )


def _shared(table: Table, chosen: int | None) -> units.Units | None:
    """The units that systems share, of one task or of all; None where runs share nothing."""
    if table.items is not None:
        whole = units.of_items(table.items)
        if chosen is None:
            return whole
        raw = np.asarray(table.items.task) == chosen
        cluster = None if table.items.cluster is None else np.asarray(table.items.cluster)[raw]
        return units.of_items(
            Items(table.items.values[:, raw], table.items.repeats, np.zeros(int(raw.sum()), int), cluster)
        )
    if (~np.isnan(table.scores)).sum(axis=1).max() > 1:
        if not table.paired:
            return None
        whole = units.of_seeds(table if chosen is None else replace(table, trained=None))
        kept = np.ones(len(whole.task), bool) if chosen is None else whole.task == chosen
        return units.Units(whole.values[:, kept], whole.task[kept], "seed")
    whole = units.of_tasks(table)
    return whole if chosen is None else units.Units(whole.values[:, [chosen]], whole.task[[chosen]], "task")


def _apart(table: Table, chosen: int | None, weights: np.ndarray, places: list[int]) -> Part | None:
    """Runs that share nothing: errors add up."""
    scores = table.scores[places] if chosen is None else table.scores[places][:, :, [chosen]]
    if chosen is None:  # only tasks that all of the systems have
        scores = scores[:, :, ~np.isnan(scores).all(axis=1).any(axis=0)]
    if scores.size == 0 or np.isnan(scores).all(axis=(1, 2)).any():
        return None
    spread = stratified.spread(scores)
    squares = (weights * spread.error) ** 2
    below = float((squares**2 / spread.freedom).sum()) if np.isfinite(squares).all() else math.nan
    error = math.sqrt(float(squares.sum()))
    freedom = float(squares.sum() ** 2 / below) if below > 0 else 1.0
    estimate = float(weights @ aggregate.mean(scores))
    return Part(estimate, error, freedom, int((~np.isnan(scores)).sum()), "run")


def _proportion(atom: Atom, part: Part) -> Found:
    """Zeros and ones of independent items against a constant: exact binomial tails, Clopper and Pearson's interval."""
    k, n = part.successes or 0, part.n

    def at_least(rate: float) -> float:
        return float(special.betainc(k, n - k + 1, np.clip(rate, 0, 1))) if k else 1.0

    def at_most(rate: float) -> float:
        return float(special.betaincc(k + 1, n - k, np.clip(rate, 0, 1))) if k < n else 1.0

    low = float(special.betaincinv(k, n - k + 1, 0.025)) if k else 0.0
    high = float(special.betaincinv(k + 1, n - k, 0.975)) if k < n else 1.0
    if isinstance(atom, Compare):
        tails = at_least(atom.bound), at_most(atom.bound)
    else:
        ends = atom.target - atom.margin, atom.target + atom.margin
        tails = max(at_least(ends[0]), at_most(ends[1])), min(at_most(ends[0]), at_least(ends[1]))
    return Found(k / n, low, high, n, part.unit, "binomial test, exact, fixed sample", "items are independent", *tails)
