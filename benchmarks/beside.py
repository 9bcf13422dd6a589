"""Two more questions for the operating characteristics: AdaStop's examples at its looks, and shares that turn into grades."""

from collections.abc import Callable, Iterator

import numpy as np
from characteristics_report import Row

from heldout.claims.evidence import Means, Mixed, Proportions, Sample
from heldout.core.seeds import Words
from heldout.core.split import Split
from heldout.models.comparison import Observed
from heldout.stats import adastop, pairwise
from heldout.stats.adastop import Outcome
from heldout.stats.looks import schedule
from heldout.studies.evaluation.adastop import DifferentAgents, EqualAgents, ToyAgents

LEVEL, CAP = 0.05, 64
ADASTOP, OURS = "AdaStop, corrected", "relabellings, Holm"


def beside(sims: int) -> Iterator[Row]:
    """Every cell of both questions."""
    yield from examples(sims)
    for law, probability, middle in (
        ("one in 100 is a half", 0.01, 0.5),
        ("one in 30 is a half", 1 / 30, 0.5),
        ("one in 10 is a half", 0.1, 0.5),
        ("one in 30 is graded evenly", 1 / 30, np.nan),
    ):
        for truth in (0.5, 0.9):
            yield switching(law, (probability, middle), truth, sims)


def examples(sims: int) -> Iterator[Row]:
    """AdaStop's own simulated agents, five groups of five runs: how many runs each procedure takes per agent.

    Both look after every group. Corrected AdaStop tests the largest of all differences, ours each pair, with Holm over pairs.
    """
    different, toys = DifferentAgents(), ToyAgents()
    chosen = [(f"two agents, {s.name}", different, s) for s in different.splits]
    chosen += [("ten toy agents", toys, toys.splits[0]), ("two equal agents", EqualAgents(2), Split("iid"))]
    procedures: dict[str, Callable[[Observed], Outcome]] = {
        ADASTOP: lambda observed: adastop.corrected(*observed),
        OURS: lambda observed: pairwise.relabellings(*observed),
    }
    for name, task, split in chosen:
        for method, procedure in procedures.items():
            runs, wrong, decided = [], 0, 0
            repeats = sims // 10 if task is toys else sims // 4
            for i in range(repeats):
                observed = task.observe(split, Words(7, i))
                found = procedure(observed)
                runs.append(found.runs.mean())
                apart = {p for p, word in found.decisions.items() if word != "equal"}
                equal = set() if isinstance(task, DifferentAgents) else task.truth(split, Words(7, i))
                wrong += bool(apart & equal)
                decided += bool(apart - equal)
            yield _row(method, name, "its examples", (wrong / repeats, decided / repeats, np.mean(runs)), repeats)


def switching(law: str, graded: tuple[float, float], truth: float, sims: int) -> Row:
    """Outcomes that are mostly 0 or 1 and now and then something between, with mean `truth`, against that mean.

    At every look the judge chooses as it does in a run: shares while all is 0 or 1, both once something else was seen.
    """
    probability, middle = graded
    g, looks = np.random.default_rng(29), schedule(CAP)
    low, wrong, stops = np.zeros(1), 0, []
    between = g.random((sims, CAP)) < probability
    values = np.where(np.isnan(middle), g.random((sims, CAP)), middle)
    share = (truth - probability * 0.5) / (1 - probability)
    data = np.where(between, values, g.random((sims, CAP)) < share)
    first = np.isin(data[:, : looks[0]], (0.0, 1.0)).all(axis=1)
    for row, starts_plain in zip(data, first, strict=True):
        stop = None
        for k in range(len(looks)):
            seen = Sample(row[None, : looks[k]], low, low + 1, looks[: k + 1], len(looks))
            plain = np.isin(row[: looks[k]], (0.0, 1.0)).all()
            evidence = Proportions(seen) if plain else Mixed(seen) if starts_plain else Means(seen)
            above, below = evidence.sides(np.array([truth]), LEVEL)
            if min(above[0], below[0]) <= k:
                stop = looks[k]
                break
        wrong += stop is not None
        stops.append(stop or CAP)
    rate = wrong / sims
    return _row("shares, then bets", law, f"{truth:g} against {truth:g}", (rate, rate, np.mean(stops)), sims, null=True)


def _row(
    method: str, law: str, effect: str, found: tuple[float, float, float], sims: int, *, null: bool = False
) -> Row:
    wrong, decided, runs = map(float, found)
    blank = dict.fromkeys(("n_fixed", "coverage", "width", "width_early", "width_late"), float("nan"))
    same = {"method": method, "law": law, "effect": effect, "null": null, "sims": sims, "guaranteed": True}
    return same | {"wrong": wrong, "decided": decided, "mean_n": runs} | blank
