"""The page and the figures of the operating characteristics, from the cells that the simulation yields."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parents[1] / "docs" / "statistics"
Row = Mapping[str, Any]
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9")  # Okabe and Ito, colour-blind safe


def write(cells: Sequence[Row], sims: int, seconds: float) -> None:
    """Write operating_characteristics.md, its figures, and the cells as JSON, from which `redraw` makes them again."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    kept = {"sims": sims, "seconds": round(seconds), "cells": list(cells)}
    (FOLDER / "operating_characteristics.json").write_text(json.dumps(kept, default=float, indent=0) + "\n")
    redraw()


def refresh(cells: Sequence[Row]) -> None:
    """Put cells in the place of those of the same methods."""
    path, methods = FOLDER / "operating_characteristics.json", {c["method"] for c in cells}
    kept = json.loads(path.read_text())
    kept["cells"] = [c for c in kept["cells"] if c["method"] not in methods] + list(cells)
    path.write_text(json.dumps(kept, default=float, indent=0) + "\n")
    redraw()


def redraw() -> None:
    """Write the page and the figures from the cells kept."""
    kept = json.loads((FOLDER / "operating_characteristics.json").read_text())
    cells, sims, seconds = kept["cells"], kept["sims"], kept["seconds"]
    figures = {
        "operating_characteristics_level.svg": lambda axes: _level(axes, cells, sims),
        "operating_characteristics_runs.svg": lambda axes: _runs(axes, cells),
        "operating_characteristics_coverage.svg": lambda axes: _coverage(axes, cells),
    }
    for name, draw in figures.items():
        _figure(FOLDER / name, draw)
    (FOLDER / "operating_characteristics.md").write_text(page(cells, sims, seconds))


def page(cells: Sequence[Row], sims: int, seconds: float) -> str:
    """The whole page as Markdown."""
    error = 1.96 * np.sqrt(0.05 * 0.95 / sims)
    parts = [
        "# Operating characteristics\n",
        "What the judge's tests do when the truth is known: how often a verdict is wrong, how often the printed 95 % "
        "interval holds the truth, how wide it is, and how many runs a verdict takes. Written by "
        f"`python benchmarks/operating_characteristics.py` ({sims:,} simulations a cell, {seconds / 60:.0f} CPU minutes, "
        f"seeded); nothing here is edited by hand. A rate of 0.05 is measured to within ±{error:.3f} (95 %); the worst "
        f"of many such cells may lie three standard errors, {1.53 * error:.3f}, above it.\n",
        "*wrong*: share of simulations with a wrong verdict, peeking after every look. *runs*: mean number at the "
        "verdict, or the cap. *fixed*: what the fixed-sample test with 80 % power takes that knew the effect. *width*: of "
        "the interval at the verdict, relative to the naive interval of a fixed sample of that size (t; Clopper–Pearson "
        "for shares).\n",
        "## What was promised, and what came out\n",
        _promises(cells, error),
        "![Share of wrong verdicts without an effect](operating_characteristics_level.svg)\n",
    ]
    for title, methods, text in SECTIONS:
        chosen = [c for c in cells if c["method"] in methods and (c["guaranteed"] or c["method"] == "each alone")]
        parts += [f"## {title}\n", text + "\n", _table(chosen)]
        if title in PICTURES:
            parts.append(PICTURES[title])
    parts += [
        "## Where the guarantee ends\n",
        "No test holds its level here, and none can for unbounded scores without an assumption (Bahadur and Savage "
        "1956). The judge does not use shifted sign flips for margins on bounded scores; they stand here to show why. "
        "For the rest, the verdict names its assumption.\n",
        _table([c for c in cells if not c["guaranteed"] and c["method"] != "each alone"]),
    ]
    return "\n".join(parts)


SECTIONS = (
    (
        "Comparisons of paired, unbounded scores",
        ("sign flips, unbounded",),
        "Group-sequential sign flips at looks 4, 6, 8, 12, 16, 24 ...; the interval inverts the test. d is the effect "
        "in standard deviations of the differences. The cap is 64, and 256 for d = 0.5. (The few that end before 12 runs at "
        "d = 0.5 are those whose runs happened to vary little, which is why their intervals are relatively the widest.)",
    ),
    (
        "Comparisons of unpaired scores",
        ("relabelling",),
        "Group-sequential relabelling, runs per group. d is the effect in standard deviations of a score. Bernoulli "
        "outcomes have their interval by betting.",
    ),
    (
        "Comparisons of bounded scores",
        ("sign flips, bounded",),
        "Decided by sign flips; the interval comes by betting, cut at the bound once the test has decided. It holds "
        "whatever the shape, and is wide where scores hardly vary: after n runs without a failure, failures with a chance of "
        "1 - 0.025^(1/n) (0.11 for n = 32) cannot be ruled out, by this or any other method. For those who take the "
        "effect to shift every run alike, a decided verdict also carries the narrower interval of the inverted test.",
    ),
    (
        "Margins and nearness on bounded scores",
        ("margin, betting", "nearness, betting"),
        "By betting: valid whatever the shape. Cap 64 for margins, 256 for nearness.",
    ),
    (
        "Shares of successes",
        ("binomial",),
        "The exact group-sequential binomial test; cap 64 or 1,024.",
    ),
    ("Means of bounded scores", ("betting",), "By betting, where outcomes are not all 0 or 1 (0/1 for comparison)."),
    (
        "The typical run",
        ("sign test",),
        "The sign test of the median, against 0, shifted by so many standard deviations; cap 64, and 256 for 0.5. "
        "`fixed` is the exact binomial test of the signs.",
    ),
    (
        "Several claims",
        ("Holm at each look", "each alone"),
        "Five comparisons of paired normal scores; *wrong* is the share of studies with any wrong verdict. `each alone` "
        "reads every claim at the full level, which is what not to do.",
    ),
    (
        "AdaStop's examples at its looks",
        ("AdaStop, corrected", "relabellings, Holm"),
        "Two agents one, two and three standard deviations apart, the paper's mixture, its ten toy agents (Mathieu et al., "
        "2023, of which three pairs are equal) and two equal agents; five groups of five runs. *wrong*: share of experiments "
        "with a false difference; *runs* per agent. Of one pair both are the same test; of several, AdaStop tests the largest "
        "difference of all, and errs .058 with five equal agents; ours tests every pair exactly, with Holm over pairs, which takes "
        "1 % more runs of the ten toy agents and errs half as often there.",
    ),
    (
        "Shares that turn into grades",
        ("shares, then bets",),
        "Outcomes that are 0 or 1 at first and now and then something between: the judge reads shares while all are 0 or 1, "
        "and goes on by betting from the look at which something else was seen; the whole run, cap 64.",
    ),
)

ADASTOP = ("relabellings, Holm", "AdaStop, corrected")

PICTURES = {
    "Comparisons of unpaired scores": "![Runs relative to a fixed sample](operating_characteristics_runs.svg)\n",
    "Means of bounded scores": "![Coverage at the verdict](operating_characteristics_coverage.svg)\n",
}


def _table(cells: Sequence[Row]) -> str:
    head = "| method | law | truth | wrong | decided | runs | fixed | ratio | coverage | width |\n|" + "---|" * 10
    lines = [head]
    for c in cells:
        ratio = c["mean_n"] / c["n_fixed"]
        numbers = [_plain(c["wrong"], 4), _plain(c["decided"], 3), _plain(c["mean_n"], 1), _plain(c["n_fixed"], 0),
                   _plain(ratio, 2), _plain(c["coverage"], 3), _plain(c["width"], 2)]  # fmt: skip
        lines.append(f"| {c['method']} | {c['law']} | {c['effect']} | " + " | ".join(numbers) + " |")
    return "\n".join(lines) + "\n"


def _plain(value: float, digits: int) -> str:
    return "" if np.isnan(value) else f"{value:.{digits}f}"


def _worst(cells: Sequence[Row], value: Callable[[Row], float], *, low: bool = False) -> tuple[float, str]:
    found = [(value(c), f"{c['method']}, {c['law']}, {c['effect']}") for c in cells if not np.isnan(value(c))]
    return (min if low else max)(found) if found else (np.nan, "")


def _ratio(c: Row) -> float:
    return c["mean_n"] / c["n_fixed"]


def _promises(cells: Sequence[Row], error: float) -> str:
    """Each promise beside its worst cell; the worst of many rates may lie three standard errors above 0.05."""
    sure = [c for c in cells if c["guaranteed"]]
    free = [
        c
        for c in sure
        if c["method"] == "sign flips, unbounded" or (c["method"] == "relabelling" and c["law"] != "Bernoulli")
    ]
    bounded = [c for c in sure if c["method"] in ("sign flips, bounded", "betting") or c["law"] == "Bernoulli"]
    bounded = [c for c in bounded if c["method"] != "binomial"]
    shares = [c for c in sure if c["method"] == "binomial"]
    powered = [c for c in sure if not c["null"] and c["decided"] > 0.8 and not np.isnan(c["n_fixed"])]
    named = [c for c in powered if c["effect"].startswith("d =") or c["method"] in ("binomial", "sign test")]
    bets = [c for c in powered if c["method"] == "betting"]
    holm = {c["effect"]: c for c in sure if c["method"] == "Holm at each look"}
    alone = {c["effect"]: c for c in cells if c["method"] == "each alone"}
    dear = [(holm[e]["mean_n"] / alone[e]["mean_n"], f"five claims, {e}") for e in holm if e in (SAME_1, SAME_HALF)]
    pairs = [
        (one["mean_n"], other["mean_n"])
        for one in sure
        for other in sure
        if (one["method"], other["method"]) == ADASTOP and one["law"] == other["law"] and "equal" not in one["law"]
    ]
    spared = float(np.mean([ours / theirs for ours, theirs in pairs])) if pairs else np.nan
    nulls = [c for c in sure if c["null"] or c["method"] == "Holm at each look"]
    rows = [
        ("wrong verdicts without an effect", *_worst(nulls, lambda c: c["wrong"]), 0.05 + 1.53 * error, "≤"),
        ("coverage, unbounded scores and a shift", *_worst(free, lambda c: c["coverage"], low=True), 0.93, "≥"),
        ("coverage, bounded scores of any shape", *_worst(bounded, lambda c: c["coverage"], low=True), 0.93, "≥"),
        ("coverage, shares", *_worst(shares, lambda c: c["coverage"], low=True), 0.93, "≥"),
        ("width, unbounded scores", *_worst(free, lambda c: c["width"]), 1.5, "≤"),
        ("width, unbounded scores, under 12 runs", *_worst(free, lambda c: c["width_early"]), 1.7, "≤"),
        ("width, bounded scores, from 32 runs", *_worst(bounded, lambda c: c["width_late"]), 2.0, "≤"),
        ("width, shares against Clopper–Pearson", *_worst(shares, lambda c: c["width"]), 1.25, "≤"),
        ("runs / fixed sample, over 10 runs", *_worst([c for c in named if c["n_fixed"] > 10], _ratio), 1.5, "≤"),
        ("runs / fixed sample, up to 10 runs", *_worst([c for c in named if c["n_fixed"] <= 10], _ratio), 1.7, "≤"),
        ("runs / fixed sample, only bounded", *_worst(bets, _ratio), 2.2, "≤"),
        ("runs of one of five claims / of one alone", *max(dear, default=(np.nan, "")), 1.5, "≤"),
        ("runs / corrected AdaStop, mean over its examples", spared, "at its looks", 1.0, "≤"),
    ]
    lines = ["| promise | limit | worst | where | holds |\n|---|---|---|---|---|"]
    for name, value, where, limit, sign in rows:
        holds = value <= limit if sign == "≤" else value >= limit
        lines.append(f"| {name} | {sign} {limit:.3g} | {value:.3f} | {where} | {'yes' if holds else '**no**'} |")
    return "\n".join(lines) + "\n"


SAME_1, SAME_HALF = "d = " + ", ".join(["1"] * 5), "d = " + ", ".join(["0.5"] * 5)


def _figure(path: Path, draw: Callable[[Any], None]) -> None:
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams.update(
        {"svg.hashsalt": "heldout", "font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
    )
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(7.2, 4.2), layout="constrained")
    draw(axes)
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)


def _methods(cells: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(c["method"] for c in cells))


def _level(axes: Any, cells: Sequence[Row], sims: int) -> None:
    chosen = [c for c in cells if c["null"]]
    methods = _methods(chosen)
    for sure, colour, marker, label in (
        (True, COLOURS[0], "o", "within the guarantee"),
        (False, COLOURS[1], "x", "beyond it"),
    ):
        mine = [c for c in chosen if c["guaranteed"] == sure]
        axes.plot([c["wrong"] for c in mine], [methods.index(c["method"]) for c in mine], marker, color=colour, label=label,
                  markersize=5, alpha=0.8)  # fmt: skip
    error = 1.96 * np.sqrt(0.05 * 0.95 / sims)
    axes.axvspan(0.05 - error, 0.05 + error, color="0.85", label="0.05, with its Monte Carlo error")
    axes.set(
        yticks=range(len(methods)), yticklabels=methods, xlabel="share of wrong verdicts, peeking after every look"
    )
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="center right")


def _runs(axes: Any, cells: Sequence[Row]) -> None:
    chosen = [c for c in cells if c["guaranteed"] and c["effect"] in ("d = 0.5", "d = 1", "d = 2")]
    for colour, law in zip(COLOURS, dict.fromkeys(c["law"] for c in chosen), strict=False):
        for method, line in (("sign flips", "o-"), ("relabelling", "s--")):
            mine = [c for c in chosen if c["law"] == law and c["method"].startswith(method)]
            axes.plot([float(c["effect"][4:]) for c in mine], [_ratio(c) for c in mine], line, color=colour, markersize=4,
                      label=law if method == "sign flips" else None)  # fmt: skip
    axes.axhline(1, color="0.6", linewidth=0.8)
    axes.set(xlabel="effect d", ylabel="mean runs to a verdict / fixed sample", xticks=(0.5, 1, 2), ylim=(0, 2))
    axes.set_title("solid: paired, dashed: unpaired", fontsize=9, loc="left")
    axes.legend(frameon=False, ncols=2, loc="lower left")


def _coverage(axes: Any, cells: Sequence[Row]) -> None:
    chosen = [c for c in cells if not np.isnan(c["coverage"])]
    for sure, colour, marker, label in (
        (True, COLOURS[0], "o", "within the guarantee"),
        (False, COLOURS[1], "x", "beyond it"),
    ):
        mine = [c for c in chosen if c["guaranteed"] == sure and not np.isnan(c["width"])]
        axes.plot([c["width"] for c in mine], [c["coverage"] for c in mine], marker, color=colour, label=label, markersize=5,
                  alpha=0.8)  # fmt: skip
    axes.axhline(0.95, color="0.6", linewidth=0.8)
    axes.set(xlabel="width relative to the naive interval of a fixed sample (log)", ylabel="coverage at the verdict", xscale="log",
             xticks=(1, 1.5, 2, 3, 5), xticklabels=("1", "1.5", "2", "3", "5"))  # fmt: skip
    axes.minorticks_off()
    axes.legend(frameon=False, loc="lower right")


if __name__ == "__main__":
    redraw()
