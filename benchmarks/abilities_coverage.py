"""Coverage of the intervals for abilities, slopes and difficulties, on simulated responses whose truth is known.

    python benchmarks/abilities_coverage.py --write docs/statistics/abilities.md     # about three minutes on one core

Nominal 95%; abilities about their mean. Two-parameter items drawn afresh for every table, log slopes with a standard
deviation of .5, difficulties of 1. Beside the way that heldout takes for that number of systems stands the other one. The
last rows are not what the model says: guesses at a rate of .2, slopes that vary twice as much, skewed abilities. Target,
set before the run: at least .92 for abilities by the way taken, where the model is right. Exit code 1 if it is missed by more than two
of its standard errors.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import numpy as np
from scipy import special

from heldout.stats.abilities import integrated, logistic
from heldout.stats.abilities.errors import errors
from heldout.stats.abilities.responses import responses

SIZES = ((3, 300), (5, 300), (10, 300), (20, 300), (50, 300), (100, 500), (150, 500), (300, 300))
WRONG = ("guesses", "slopes twice as varied", "skewed abilities")


def table(systems: int, items: int, kind: str, rng: np.random.Generator) -> tuple[np.ndarray, ...]:
    ability = rng.exponential(size=systems) if kind == "skewed abilities" else rng.normal(size=systems)
    slope = np.exp((1.0 if kind == "slopes twice as varied" else 0.5) * rng.normal(size=items))
    difficulty = rng.normal(size=items)
    p = special.expit(slope * (ability[:, None] - difficulty))
    p = 0.2 + 0.8 * p if kind == "guesses" else p
    return (rng.random(p.shape) < p).astype(float), ability, slope, difficulty


def covered(made: tuple, truth: tuple[np.ndarray, ...]) -> list[float]:
    found, error = made
    ability, slope, difficulty = truth
    middle = ability.mean()
    return [
        float(np.mean(np.abs(found.ability - ability + middle) < 1.96 * error.ability)),
        float(np.mean(np.abs(np.log(found.items.slope / slope)) < 1.96 * error.slope)),
        float(np.mean(np.abs(found.items.difficulty - difficulty + middle) < 1.96 * error.difficulty)),
    ]


def jointly(data: object) -> tuple:
    found = logistic.fit(data)  # type: ignore[arg-type]
    return found, errors(data, found)  # type: ignore[arg-type]


def simulate(systems: int, items: int, kind: str, tables: int, rng: np.random.Generator) -> tuple[str, float]:
    """A row of the page, and by how much the abilities' coverage falls short of .92, less two standard errors."""
    rows: dict[str, list[list[float]]] = {"integrated": [], "joint": []}
    for _ in range(tables):
        outcomes, *truth = table(systems, items, kind, rng)
        data = responses(outcomes)
        rows["joint"].append(covered(jointly(data), tuple(truth)))
        if systems <= integrated.MOST:
            rows["integrated"].append(covered(integrated.integrated(data), tuple(truth)))
    taken = "integrated" if rows["integrated"] else "joint"
    values = np.array(rows[taken])
    mean, error = values.mean(axis=0), values[:, 0].std() / np.sqrt(tables)
    other = f"{np.array(rows['joint'])[:, 0].mean():.3f}" if taken == "integrated" else ""
    shown = " | ".join(f"{v:.3f}" for v in mean)
    row = f"| {kind} | {systems} x {items} | {taken} | {shown} | {other} |"
    return row, float(0.92 - mean[0] - 2 * error)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--cells", type=int, default=600, help="abilities in a row of the table, at least")
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    start, rng = time.process_time(), np.random.default_rng(how.seed)
    rows, missed = [], []
    cases = [(*size, "as the model says") for size in SIZES] + [(20, 300, kind) for kind in WRONG]
    for systems, items, kind in cases:
        tables = max(4, min(60, how.cells // systems))
        row, short = simulate(systems, items, kind, tables, rng)
        rows.append(row)
        print(row, flush=True)
        if kind == "as the model says" and short > 0:
            missed.append(f"{systems} x {items}")
    print(f"{time.process_time() - start:.0f} CPU seconds; missed: {missed or 'none'}")
    head = "| responses | systems x items | way | abilities | log slopes | difficulties | abilities, joint mode |"
    text = "\n".join([head, "|---|---|---|---|---|---|---|", *rows, ""])
    text += f"\nSeed {how.seed}. Target missed: {', '.join(missed) or 'none'}."
    if how.write:
        write(how.write, "coverage", text)
    return int(bool(missed))


def write(path: Path, name: str, text: str) -> None:
    """Puts the text between the page's markers of that name."""
    marked = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
