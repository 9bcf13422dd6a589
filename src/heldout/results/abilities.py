"""What items measure, and which systems have it: abilities from the item responses of a table."""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import special

from heldout.results.comparison import Interval
from heldout.results.table import Items, Table
from heldout.stats.abilities import integrated, logistic
from heldout.stats.abilities.dispersion import effective, likeness
from heldout.stats.abilities.errors import Errors, errors
from heldout.stats.abilities.keying import keying
from heldout.stats.abilities.logistic import Fit
from heldout.stats.abilities.misfit import misfit
from heldout.stats.abilities.prediction import Prediction, prediction
from heldout.stats.abilities.responses import Responses, responses
from heldout.stats.multiplicity import benjamini_hochberg

SYSTEMS, ITEMS, GRADES = 3, 20, 10
"""Systems and items below which abilities say no more than means; distinct outcomes beyond which they are no grades."""

FITTED, LOOKED = 4_000, 100_000
"""Items that abilities are fitted to, and items of which curves are worked out; random ones where there are more."""

ENOUGH = 8
"""Systems below which no item can be shown to be wrongly keyed, or not to fit."""

SHOWN = 10


@dataclass(frozen=True)
class SystemAbility:
    """A system's ability in logits of a typical item; zero is the mean of the systems."""

    system: str
    ability: Interval
    error: float


@dataclass(frozen=True)
class ItemCurve:
    """An item's curve. `rate`: share of the systems' outcomes that are successes; `information`: on the systems' mean; `note`: what is odd."""

    item: str
    task: str
    slope: float
    difficulty: float
    rate: float
    information: float
    note: str = ""


@dataclass(frozen=True)
class Abilities:
    """What item responses say of systems and items. `systems`: the ablest first.

    `most`, `least`: items that tell most and least of the systems apart. `suspect`: items to be looked at. `constant`: items
    that all systems solve, or none. `held_out`: how well curves predict outcomes that they were not fitted to; None where too
    few. `suspects`: how many there are in all; None where systems are too few to say.
    """

    systems: tuple[SystemAbility, ...]
    most: tuple[ItemCurve, ...]
    least: tuple[ItemCurve, ...]
    suspect: tuple[ItemCurve, ...]
    suspects: int | None
    items: int
    constant: int
    held_out: Prediction | None
    method: str
    warnings: tuple[str, ...] = field(default=())

    @property
    def predicts(self) -> bool:
        """Whether the curves predict better than success rates of systems and items do."""
        return self.held_out is not None and self.held_out.loss < self.held_out.plain


def abilities(table: Table, seed: int = 0) -> Abilities | None:
    """Abilities where the table holds 0/1, graded or counted outcomes of enough systems on enough items, else None."""
    items = table.items
    if items is None or not sensible(items):
        return None
    rng = np.random.default_rng(seed)
    looked = some(items.values.shape[1], LOOKED, rng)
    data = responses_of(items, looked)
    fitted = some(data.items, FITTED, rng)
    part = data if len(fitted) == data.items else data.chosen(fitted)
    part, alike = worth(part)
    data = data if alike is None else effective(data, alike)
    found, error, method = fit(part)
    curves = found
    if part.items < data.items:
        _, start = logistic.start(data, "2pl", found.prior)
        curves = replace(found, items=logistic.settled(data, found.ability, start, "2pl", found.prior))
    (most, least, suspect), suspects, constant = _items(table, looked, data, curves, counted=alike is not None)
    return Abilities(
        _systems(table, found, error),
        most,
        least,
        suspect,
        suspects,
        items.values.shape[1],
        constant,
        _held_out(part, rng),
        method,
        (*found.warnings, *_repeated(alike), *_drawn(items.values.shape[1], len(looked), len(fitted))),
    )


def fit(data: Responses) -> tuple[Fit, Errors, str]:
    """The two-parameter model by the way that suits the numbers of systems and items, with its errors and its name."""
    if data.systems <= integrated.MOST and data.items >= 2 * data.systems + 5:
        return *integrated.integrated(data), "two-parameter curves, items integrated out"
    found = logistic.fit(data)
    return found, errors(data, found), "two-parameter curves, joint mode"


def worth(data: Responses) -> tuple[Responses, float | None]:
    """Repeated trials at what they are worth, and how alike those of a cell are; None where nothing is repeated."""
    if data.trials is None or data.trials.max() <= 1:
        return data, None
    alike = 1.0
    for _ in range(3):
        alike = likeness(data, fit(effective(data, alike))[0])
    return effective(data, alike), alike


def _repeated(alike: float | None) -> tuple[str, ...]:
    if alike is None:
        return ()
    worth = 1 / max(alike, 1e-9)
    most = "as many independent ones" if alike < 0.01 else f"at most {worth:.1f} independent ones"
    return (f"however many outcomes of a system on one item are worth {most}, as they are more alike than curves say",)


def sensible(items: Items) -> bool:
    """Whether outcomes are 0/1, graded between 0 and 1, or counts, of enough systems on enough items."""
    values = items.values
    if values.shape[0] < SYSTEMS or values.shape[1] < ITEMS or np.isnan(values).all(axis=1).any():
        return False
    low, high = np.fmin.reduce(values, axis=None), np.fmax.reduce(values, axis=None)
    if not 0 <= low < high <= 1:
        return False
    sample = values[:, :: max(1, values.shape[1] // 2_000)]
    if np.nanmax(items.repeats) > 1:
        wins = sample * items.repeats[:, :: max(1, values.shape[1] // 2_000)]
        return bool(np.nanmax(np.abs(wins - np.round(wins)), initial=0) < 1e-6)
    return len(np.unique(sample[~np.isnan(sample)])) <= GRADES


def some(number: int, most: int, rng: np.random.Generator) -> np.ndarray:
    """So many of the first whole numbers at most, ascending; all where there are no more."""
    return np.arange(number) if number <= most else np.sort(rng.choice(number, most, replace=False))


def responses_of(items: Items, which: np.ndarray) -> Responses:
    """The outcomes on some of the items, counted where they are repeated."""
    whole = len(which) == items.values.shape[1]
    values = items.values if whole else items.values[:, which]
    if np.nanmax(items.repeats) <= 1:
        return responses(values)
    return responses(values, items.repeats if whole else items.repeats[:, which])


def _systems(table: Table, found: Fit, error: Errors) -> tuple[SystemAbility, ...]:
    rows = [
        SystemAbility(name, Interval(float(a), float(a - 1.96 * e), float(a + 1.96 * e)), float(e))
        for name, a, e in zip(table.systems, found.ability, error.ability, strict=True)
    ]
    return tuple(sorted(rows, key=lambda row: -row.ability.estimate))


def _items(
    table: Table, looked: np.ndarray, data: Responses, found: Fit, *, counted: bool
) -> tuple[tuple[tuple[ItemCurve, ...], ...], int | None, int]:
    """The most and the least informative items and the suspect ones; how many are suspect, how many constant."""
    tells = np.zeros(data.items)
    for ability in np.quantile(found.ability, [0.1, 0.3, 0.5, 0.7, 0.9]):
        tells += found.items.information(ability) / 5
    tried = data.systems if data.trials is None else data.trials.sum(axis=1)
    won = data.signed.sum(axis=1)
    varied = np.abs(won) < tried
    rate = (won / np.maximum(tried, 1) + 1) / 2
    notes = _odd(data, found, varied, counted=counted) if data.systems >= ENOUGH else {}

    def row(i: int) -> ItemCurve:
        place = int(looked[i])
        names = table.items.names if table.items is not None else ()
        task = table.tasks[int(table.items.task[place])] if table.items is not None else ""
        name = names[place] if names else str(place)
        slope, difficulty = float(found.items.slope[i]), float(found.items.difficulty[i])
        return ItemCurve(str(name), str(task), slope, difficulty, float(rate[i]), float(tells[i]), notes.get(i, ""))

    order = np.argsort(np.where(varied, -tells, np.inf), kind="stable")[: int(varied.sum())]
    most, least = order[:SHOWN], order[::-1][: min(SHOWN, max(0, len(order) - SHOWN))]
    made = tuple(tuple(row(int(i)) for i in part) for part in (most, least, list(notes)[: 2 * SHOWN]))
    return made, len(notes) if data.systems >= ENOUGH else None, int((~varied).sum())


def _odd(data: Responses, found: Fit, varied: np.ndarray, *, counted: bool) -> dict[int, str]:
    """What is odd about items, the oddest first: solved by the weaker systems, or by no curve's rule.

    The latter of single outcomes only: how counts of alike ones spread around a curve is not known well enough.
    """
    keys = keying(data, found.ability)
    said = {int(i): "solved by the weaker systems" for i in np.argsort(keys.correlation) if keys.p[i] < 0.05}
    if counted:
        return said
    z = misfit(data, found).items.z_outfit
    p = benjamini_hochberg(np.where(varied, special.ndtr(-z), 1.0))
    return said | {int(i): "erratic" for i in np.argsort(-z) if p[i] < 0.05 and int(i) not in said}


def _held_out(data: Responses, rng: np.random.Generator) -> Prediction | None:
    cells = data.items * data.systems if data.trials is None else int((data.trials > 0).sum())
    if cells < 200:
        return None
    return prediction(data if data.items <= 2_000 else data.chosen(some(data.items, 2_000, rng)), rng)


def _drawn(number: int, looked: int, fitted: int) -> tuple[str, ...]:
    if fitted == number:
        return ()
    curves = "" if looked == number else f", and curves worked out for {looked:,}"
    return (f"abilities are fitted to {fitted:,} of {number:,} items drawn at random{curves}",)
