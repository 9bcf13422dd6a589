"""Coverage of prediction intervals for scores at larger scales, on simulated curves whose truth is known.

Nominal 95%. Every curve is drawn afresh: its constants, its noise, and the new scores to be held, one step (a factor of 2.7 to 7,
as the scales are spaced) and a decade beyond the largest scale. Compared: Student's t on the bootstrap spread of the right
law alone, and what `heldout forecast` prints: the law chosen by back-test beside naive forecasts, its interval widened by
how it fared there. Run:

    python benchmarks/forecast_coverage.py --write docs/statistics/forecasts.md     # about three minutes on one core

Target, set before the run: what is printed covers at least .90 one step ahead where the curve is one of the laws tried
(less two Monte Carlo errors). The other rows are there to be seen. Exit code 1 if the target is missed.
"""

import argparse
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy.stats import t as student

from heldout.stats.forecasts.choice import choose
from heldout.stats.forecasts.interval import predicted
from heldout.stats.forecasts.naive import Last, Line, Mean
from heldout.stats.forecasts.points import points
from heldout.stats.forecasts.power import Power
from heldout.stats.forecasts.sigmoid import Sigmoid

DECADES = 3.0
Curve = Callable[[np.ndarray], np.ndarray]


def power(rng: np.random.Generator) -> tuple[Curve, Curve]:
    """A power law with offset, 1% noise."""
    a, b, c = rng.uniform(2, 8), rng.uniform(0.2, 0.5), rng.uniform(0.05, 0.4)
    return lambda x: a * x**-b + c, lambda y: y * np.exp(rng.normal(0, 0.01, len(y)))


def tailed(rng: np.random.Generator) -> tuple[Curve, Curve]:
    """The same with noise of Student's t with 3 degrees of freedom."""
    curve, _ = power(rng)
    return curve, lambda y: y * np.exp(0.01 * rng.standard_t(3, len(y)))


def broken(rng: np.random.Generator) -> tuple[Curve, Curve]:
    """A power law whose exponent doubles within the scales seen: no law tried is right."""
    a, b, d = rng.uniform(2, 8), rng.uniform(0.1, 0.25), 10 ** rng.uniform(4, 5.5)
    return lambda x: a * x**-b * (1 + (x / d) ** 2) ** (-b / 2), lambda y: y * np.exp(rng.normal(0, 0.01, len(y)))


def sigmoid(rng: np.random.Generator) -> tuple[Curve, Curve]:
    """A sigmoid from 0.25 to 1 with noise of two points."""
    k, middle = rng.uniform(0.4, 1.2), rng.uniform(np.log(1e4), np.log(1e7))
    curve = lambda x: 0.25 + 0.75 / (1 + np.exp(-k * (np.log(x) - middle)))  # noqa: E731 - a curve like the others
    return curve, lambda y: y + rng.normal(0, 0.02, len(y))


def walk(rng: np.random.Generator) -> tuple[Curve, Curve]:
    """No law at all: a loss that wanders by 3% a step."""
    steps = rng.normal(0, 0.03, 400)
    grid = np.linspace(np.log(1e3), np.log(1e8), 400)
    path = np.cumsum(steps) / np.sqrt(400 / 13)
    return lambda x: 2 * np.exp(np.interp(np.log(x), grid, path)), lambda y: y


KINDS = {
    "power law": power,
    "power law, heavy tails": tailed,
    "sigmoid": sigmoid,
    "broken": broken,
    "random walk": walk,
}
TARGETED = ("power law", "power law, heavy tails", "sigmoid")


def simulate(kind: str, n: int, curves: int, rng: np.random.Generator) -> np.ndarray:
    """(curves, 2 ways, 2 distances) of whether the new score was held."""
    x = np.geomspace(1e3, 1e3 * 10**DECADES, n)
    ahead = np.array([x[-1] * x[1] / x[0], 10 * x[-1]])
    law = Sigmoid(0.25) if kind == "sigmoid" else Power()
    others = [Line(log=kind != "sigmoid"), Last(), Mean()]
    held = np.zeros((curves, 2, 2))
    for i in range(curves):
        curve, noise = KINDS[kind](rng)
        given, new = points(x, noise(curve(x))), noise(curve(ahead))
        found = choose([law, *others], given, rng, least=3)
        made = predicted(found.best.fit, found.best.tested, ahead)
        held[i, 1] = (made.low <= new) & (new <= made.high)
        alone = next((c.fit for c in found.candidates if c.law.name == law.name), None) or law.fitted(given, 300, rng)
        half = student.ppf(0.975, alone.freedom) * alone.spread(ahead)
        off = np.log(new / alone.at(ahead)) if alone.log else new - alone.at(ahead)
        held[i, 0] = np.abs(off) <= half
    return held


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--curves", type=int, default=80)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    start, rng = time.process_time(), np.random.default_rng(how.seed)
    rows, missed = [], []
    for kind in KINDS:
        for n in (7, 13):
            share = simulate(kind, n, how.curves, rng).mean(0)
            rows.append(f"| {kind} | {n} | " + " | ".join(f"{v:.2f}" for v in (*share[0], *share[1])) + " |")
            print(rows[-1], flush=True)
            error = np.sqrt(0.9 * 0.1 / how.curves)
            if kind in TARGETED and share[1, 0] + 2 * error < 0.9:
                missed.append(f"{kind}, {n} scales: {share[1, 0]:.2f}")
    print(f"{time.process_time() - start:.0f} CPU seconds; missed: {', '.join(missed) or 'none'}")
    if how.write:
        head = "| curve | scales | law alone, one step | a decade | printed, one step | a decade |\n|---|---|---|---|---|---|"
        foot = f"{how.curves} curves a row, seed {how.seed}; targets missed: {', '.join(missed) or 'none'}."
        _write(how.write, "\n".join([head, *rows, "", foot]))
    return 1 if missed else 0


def _write(path: Path, text: str) -> None:
    marked = re.compile(r"(<!-- coverage -->\n).*?(<!-- /coverage -->)", re.DOTALL)
    path.write_text(marked.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", path.read_text()))


if __name__ == "__main__":
    sys.exit(main())
