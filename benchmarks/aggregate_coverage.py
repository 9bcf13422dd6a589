"""Coverage and width of the intervals for aggregates, on simulated tables whose truth is known.

Nominal 95%; 26 tasks; 3, 5, 10 and 20 runs. Every task set is drawn afresh (so that averages do not hang on one lucky
set), then tables of runs are drawn from it. Width is over that of an oracle: the central 95% range of the estimate
over repeated tables of the same task set, averaged over sets. Run:

    python benchmarks/aggregate_coverage.py --write docs/statistics/aggregates.md     # about three minutes on one core

Targets, set before the run: coverage at least .93, averaged over fresh task sets; width at most 1.15 (IQM), 1.3 (mean)
and 1.45 (median) of the oracle's with three runs, 1.1, 1.15 and 1.35 from five on. A coverage counts as missed when it
is below .93 by more than two of its standard errors. Exit code 1 if a target is missed.
"""

import argparse
import re
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from heldout.stats import aggregate, bootstrap, stratified

TASKS, RUNS, NAMES = 26, (3, 5, 10, 20), ("iqm", "mean", "median")
WIDTHS = {"iqm": (1.15, 1.1), "mean": (1.3, 1.15), "median": (1.45, 1.35)}
TARGETED = ("normal", "log-normal", "bimodal", "heteroscedastic")


@dataclass(frozen=True)
class Tasks:
    """Task sets of one kind: level and spread (sets, 1, tasks), share of the upper mode or of ones."""

    kind: str
    level: np.ndarray
    spread: np.ndarray
    share: np.ndarray

    def tables(self, runs: int, rng: np.random.Generator) -> np.ndarray:
        """One (sets, runs, tasks) table of each set."""
        shape = (len(self.level), runs, TASKS)
        if self.kind == "0/1":
            return (rng.random(shape) < self.share).astype(float)
        noise = rng.standard_normal(shape)
        if self.kind.startswith("log-normal"):
            return np.exp(self.level + self.spread * noise - self.spread**2 / 2)
        if self.kind == "bimodal":
            upper = (rng.random(shape) < self.share) - self.share
            return self.level + self.spread * (0.95 * upper / np.sqrt(self.share * (1 - self.share)) + 0.3 * noise)
        return self.level + self.spread * noise

    def means(self) -> np.ndarray:
        """True task means, (sets, tasks)."""
        if self.kind == "0/1":
            return self.share[:, 0]
        return np.exp(self.level[:, 0]) if self.kind.startswith("log-normal") else self.level[:, 0]

    def truth(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """The aggregates with endless runs, (sets,) each; the IQM's from 4,000 runs of each task."""
        means = self.means()
        parts = np.array_split(np.arange(len(means)), max(1, len(means) // 20))
        many = [aggregate.iqm(self.some(part).tables(4_000, rng)) for part in parts]
        return {"iqm": np.concatenate(many), "mean": means.mean(axis=1), "median": np.median(means, axis=1)}

    def some(self, chosen: np.ndarray) -> "Tasks":
        return Tasks(self.kind, self.level[chosen], self.spread[chosen], self.share[chosen])


def tasks(kind: str, sets: int, rng: np.random.Generator) -> Tasks:
    """Fresh task sets: levels are standard normal (on the log scale for log-normal scores), spreads .15 to .6."""
    shape = (sets, 1, TASKS)
    level, spread = rng.standard_normal(shape), rng.uniform(0.15, 0.6, shape)
    if kind == "heteroscedastic":
        spread = 0.06 * 10 ** rng.random(shape)
    if kind == "log-normal, sigma 1":
        spread = np.ones(shape)
    share = rng.uniform(0.1, 0.9, shape) if kind == "0/1" else rng.uniform(0.3, 0.7, shape)
    return Tasks(kind, level, spread, share)


@dataclass(frozen=True)
class Cell:
    """One kind of scores and number of runs: per interval, coverage of each set (sets,) and width over the oracle's."""

    covered: dict[tuple[str, str], np.ndarray]
    width: dict[tuple[str, str], float]
    tables: int


def simulate(these: Tasks, runs: int, repeats: int, how: argparse.Namespace, rng: np.random.Generator) -> Cell:
    truth = these.truth(rng)
    oracle = oracle_widths(these, runs, how.oracle, rng)
    covered = {(way, name): np.zeros(len(these.level)) for way in ("ours", "percentile") for name in NAMES}
    width = {key: np.zeros(len(these.level)) for key in covered}
    for _ in range(repeats):
        tables = these.tables(runs, rng)
        ends = {("ours", "iqm"): stratified.iqm(tables)[1:], ("ours", "mean"): stratified.mean(tables)[1:]}
        ends["ours", "median"] = stratified.median(tables, rng, draws=how.resamples)[1:]
        drawn = np.array([bootstrap.draws(table, how.resamples, rng)[:3] for table in tables])
        low, high = np.quantile(drawn, [0.025, 0.975], axis=2)
        ends |= {("percentile", name): (low[:, i], high[:, i]) for i, name in enumerate(NAMES)}
        for key, (lower, upper) in ends.items():
            covered[key] += (lower <= truth[key[1]]) & (truth[key[1]] <= upper)
            width[key] += upper - lower
    relative = {
        (way, name): float((total[oracle[name] > 0] / repeats / oracle[name][oracle[name] > 0]).mean())
        for (way, name), total in width.items()
    }
    return Cell({key: total / repeats for key, total in covered.items()}, relative, repeats * len(these.level))


def oracle_widths(these: Tasks, runs: int, repeats: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    estimates: dict[str, list[np.ndarray]] = {name: [] for name in NAMES}
    for _ in range(repeats):
        tables = these.tables(runs, rng)
        means = tables.mean(axis=1)
        estimates["iqm"].append(aggregate.iqm(tables))
        estimates["mean"].append(means.mean(axis=1))
        estimates["median"].append(bootstrap.median(means))
    return {name: np.subtract(*np.quantile(rows, [0.975, 0.025], axis=0)) for name, rows in estimates.items()}


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=300)
    parser.add_argument("--tables", type=int, default=8, help="tables per task set")
    parser.add_argument(
        "--resamples", type=int, default=300, help="of the percentile, and draws of the median's interval"
    )
    parser.add_argument("--oracle", type=int, default=500, help="tables per set that give the oracle's width")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--write", type=Path, help="page whose coverage tables are replaced")
    how = parser.parse_args()
    start, rng = time.process_time(), np.random.default_rng(how.seed)
    missed: list[str] = []
    rows, beside = [], []
    for kind in (*TARGETED, "log-normal, sigma 1", "0/1"):
        for runs in RUNS:
            cell = simulate(tasks(kind, how.sets, rng), runs, how.tables, how, rng)
            (rows if kind in TARGETED else beside).append(row(kind, runs, cell))
            missed += misses(kind, runs, cell) if kind in TARGETED else []
            print(row(kind, runs, cell), flush=True)
    fixed = tasks("log-normal", 20, rng)
    for runs in RUNS:
        cell = simulate(fixed, runs, how.sets * how.tables // 20, how, rng)
        beside.append(row("log-normal, worst of 20 fixed sets", runs, cell, worst=True))
        print(beside[-1], flush=True)
    for line in missed:
        print("MISSED", line)
    seconds = time.process_time() - start
    print(f"{seconds:.0f} CPU seconds; {len(missed)} targets missed")
    if how.write:
        write(how.write, "coverage", page(rows, how, missed))
        write(how.write, "beside", page(beside, how, None))
    return 1 if missed else 0


def row(kind: str, runs: int, cell: Cell, *, worst: bool = False) -> str:
    parts = []
    for name in NAMES:
        ours, theirs = cell.covered["ours", name], cell.covered["percentile", name]
        shown = (ours.min(), theirs.min()) if worst else (ours.mean(), theirs.mean())
        widths = cell.width["ours", name], cell.width["percentile", name]
        parts += [f"{shown[0]:.3f} ({widths[0]:.2f})", f"{shown[1]:.3f} ({widths[1]:.2f})"]
    return f"| {kind} | {runs} | " + " | ".join(parts) + " |"


def misses(kind: str, runs: int, cell: Cell) -> list[str]:
    found = []
    for name in NAMES:
        covered, widest = cell.covered["ours", name], WIDTHS[name][runs > 3]
        error = covered.std() / np.sqrt(len(covered))
        if covered.mean() + 2 * error < 0.93:
            found.append(f"{kind}, {runs} runs, {name}: coverage {covered.mean():.3f} (standard error {error:.3f})")
        if cell.width["ours", name] > widest:
            found.append(
                f"{kind}, {runs} runs, {name}: width {cell.width['ours', name]:.3f} of the oracle's, over {widest}"
            )
    return found


def page(rows: list[str], how: argparse.Namespace, missed: list[str] | None) -> str:
    head = "| scores | runs |" + "".join(f" {name}, ours | {name}, percentile |" for name in ("IQM", "mean", "median"))
    count = f"{how.sets * how.tables:,} tables a row, seed {how.seed}."
    verdict = "" if missed is None else f" Targets missed: {'; '.join(missed) if missed else 'none'}."
    return "\n".join([head, "|---|---|" + "---|" * 6, *rows, "", count + verdict])


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
