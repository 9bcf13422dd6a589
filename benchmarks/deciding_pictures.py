"""The three pictures of `docs/deciding.md`, from simulation: `python benchmarks/deciding_pictures.py` (about half a minute)."""

from pathlib import Path

import matplotlib as mpl
import numpy as np
from scipy.special import stdtrit

from heldout.stats import groupsequential, signflip
from heldout.stats.looks import schedule

mpl.use("svg")
from matplotlib import pyplot as plt

FOLDER = Path(__file__).parent.parent / "docs" / "deciding"
LOOKS = schedule(64)
BLUE, ORANGE, GREY = "#2f7fc1", "#d9782d", "#7b8794"


def first_t(data: np.ndarray) -> np.ndarray:
    """The index of the first look at which a t test at 0.05 rejects, for every row; the number of looks where none does."""
    hits = []
    for n in LOOKS:
        here = data[:, :n]
        t = here.mean(1) / (here.std(1, ddof=1) / np.sqrt(n))
        hits.append(np.abs(t) > stdtrit(n - 1, 0.975))
    found = np.array(hits)
    return np.where(found.any(0), found.argmax(0), len(LOOKS))


def first_heldout(data: np.ndarray) -> np.ndarray:
    """The same for heldout's sign-flip test."""
    rows = [groupsequential.first_rejection(signflip.orbit(part, LOOKS), 0.05) for part in np.array_split(data, 20)]
    return np.concatenate(rows)


def by_look(first: np.ndarray) -> np.ndarray:
    """The share of rows rejected by each look."""
    return np.array([(first <= k).mean() for k in range(len(LOOKS))])


def axes(width: float = 6.4, height: float = 3.2):
    figure, panel = plt.subplots(figsize=(width, height), layout="constrained")
    panel.spines[["top", "right"]].set_visible(False)
    panel.tick_params(colors=GREY)
    panel.spines[["left", "bottom"]].set_color(GREY)
    return figure, panel


def peeking(rng: np.random.Generator) -> None:
    """How often two equal systems are called different by the n-th run, looking as one goes."""
    data = rng.normal(size=(4000, 64))
    figure, panel = axes()
    for first, colour, text in (
        (first_t(data), ORANGE, "t test at 0.05, at every look"),
        (first_heldout(data), BLUE, "heldout"),
    ):
        share = by_look(first)
        panel.plot(LOOKS, share, "o-", color=colour, lw=2, ms=4)
        panel.annotate(
            f"{text}: {share[-1]:.0%}", (64, share[-1]), (-6, 8), textcoords="offset points", ha="right", color=colour
        )
    panel.axhline(0.05, color=GREY, lw=1, ls="--")
    panel.set(xlabel="runs so far", ylabel="called different", ylim=(0, 0.3), xscale="log")
    panel.set_xticks(LOOKS, [str(n) for n in LOOKS], color=GREY)
    panel.minorticks_off()
    save(figure, "peeking")


def one_claim(rng: np.random.Generator) -> None:
    """The interval of one difference as runs come in, until it leaves the bound."""
    data = rng.normal(0.8, 1.0, size=(1, 64))
    orbit = signflip.orbit(data, LOOKS)
    limits, estimates = groupsequential.limits(orbit, 0.05)[0], orbit.estimates()[:, 0]
    stop = int(groupsequential.first_rejection(orbit, 0.05)[0])
    figure, panel = axes()
    for k, n in enumerate(LOOKS[: stop + 1]):
        low, high = np.clip(limits[k], -2.2, 3.2)
        panel.plot([k, k], [low, high], color=BLUE if k == stop else GREY, lw=5, alpha=0.75, solid_capstyle="butt")
        panel.plot(k, estimates[k], "o", color=BLUE if k == stop else GREY, ms=7)
        panel.annotate(f"{n} runs", (k, -2.2), (0, -14), textcoords="offset points", ha="center", color=GREY)
    panel.axhline(0, color=ORANGE, lw=1.5)
    panel.annotate("no difference", (stop + 0.45, -0.06), va="top", ha="right", color=ORANGE)
    panel.annotate(
        "supported",
        (stop, np.clip(limits[stop][1], -2.2, 3.2)),
        (0, 6),
        textcoords="offset points",
        ha="center",
        color=BLUE,
    )
    panel.set(ylim=(-2.2, 3.4), xlim=(-0.5, stop + 0.5), ylabel="difference and its interval")
    panel.set_xticks([])
    save(figure, "one_claim")


def runs(rng: np.random.Generator) -> None:
    """Mean number of runs at stopping against the size of the effect, beside the best fixed number for 80% power."""
    effects = np.array([0.5, 0.7, 1.0, 1.4, 2.0])
    ours, fixed = [], []
    for d in effects:
        first = first_heldout(rng.normal(d, 1.0, size=(1200, 64)))
        ours.append(np.mean([LOOKS[min(k, len(LOOKS) - 1)] for k in first]))
        fixed.append(next((n for n in range(6, 200) if power(d, n, rng) >= 0.8), np.nan))
    figure, panel = axes()
    panel.plot(effects, fixed, "s--", color=GREY, label="a fixed number that knew the effect (80% power)")
    panel.plot(effects, ours, "o-", color=BLUE, lw=2, label="heldout, mean at stopping (cap 64)")
    panel.set(xlabel="true difference in standard deviations", ylabel="pairs of runs", ylim=(0, None))
    panel.legend(frameon=False, labelcolor=GREY)
    save(figure, "runs")


def power(d: float, n: int, rng: np.random.Generator) -> float:
    """The power of a two-sided t test at 0.05 with n pairs."""
    data = rng.normal(d, 1.0, size=(4000, n))
    t = data.mean(1) / (data.std(1, ddof=1) / np.sqrt(n))
    return float((np.abs(t) > stdtrit(n - 1, 0.975)).mean())


def save(figure, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    figure.savefig(FOLDER / f"{name}.svg", transparent=True, metadata={"Date": None})
    plt.close(figure)


if __name__ == "__main__":
    mpl.rcParams.update(
        {
            "svg.hashsalt": "heldout",
            "svg.fonttype": "none",
            "font.size": 11,
            "text.color": GREY,
            "axes.labelcolor": GREY,
        }
    )
    generator = np.random.default_rng(2026)
    peeking(generator)
    one_claim(generator)
    runs(generator)
