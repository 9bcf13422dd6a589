"""Forecasts the scores of a table at larger scales: a law per system, chosen by back-test beside naive forecasts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.comparison import Interval
from heldout.results.reading.cells import parsed
from heldout.results.reading.database import database, name_of
from heldout.results.reading.names import LOWER, clean, counted, plain, shown, usual
from heldout.results.reading.source import Source, from_file, profiles
from heldout.stats.forecasts.backtest import Forecaster, tail
from heldout.stats.forecasts.choice import Candidate, Choice, choose
from heldout.stats.forecasts.interval import predicted
from heldout.stats.forecasts.naive import Last, Line, Mean
from heldout.stats.forecasts.points import Points, points
from heldout.stats.forecasts.power import Broken, Power
from heldout.stats.forecasts.sigmoid import Sigmoid

LawName = Literal["auto", "power", "broken", "sigmoid", "line"]
NAIVE = ("last value", "mean", "line in log-log", "line in log x")
LEAST, FAR, GRID = 3, 10.0, 60
"""Scales on which a law must have been tested to be chosen; how far ahead is far; places at which a curve is drawn."""


@dataclass(frozen=True)
class Asking:
    """What is to be forecast.

    `x`: the column of scales; `y`: of scores (the usual one if None); `system`: of what has a curve of its own. `at`: scales
    asked about (3 and 10 times the largest if none). `chance`, `ceiling`: bounds of a score for sigmoids.
    """

    x: str
    y: str | None = None
    system: str | None = None
    at: tuple[float, ...] = ()
    law: LawName = "auto"
    lower_is_better: bool = False
    chance: float = 0.0
    ceiling: float | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for scale in self.at:
            if not 0 < scale < float("inf"):
                raise HeldoutError(f"--at {scale:g}: scales are positive numbers")


@dataclass(frozen=True, eq=False)
class LawRow:
    """A law that was tried: mean absolute back-test errors one step ahead and over the hidden top decade (NaN: untested)."""

    law: str
    error: float
    tail: float
    naive: bool
    found: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class SystemForecast:
    """One system's curve.

    `values`: at the scales asked; `curve`: (places, 4) of scale, forecast, low, high; `better`: the naive forecast that
    back-tested better than the law used, or ""; `tested`: how many scales the laws were compared on.
    """

    system: str
    given: Points
    law: str
    laws: tuple[LawRow, ...]
    values: tuple[Interval, ...]
    method: str
    tested: int
    better: str
    curve: np.ndarray
    left_out: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, eq=False)
class Forecast:
    """Everything `heldout forecast` says of a table."""

    source: str
    x: str
    y: str
    at: tuple[float, ...]
    lower_is_better: bool
    systems: tuple[SystemForecast, ...]
    understood: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Columns:
    """What was read: (rows,) scales, scores and system names."""

    source: str
    x: str
    y: str
    scales: np.ndarray
    scores: np.ndarray
    systems: np.ndarray
    understood: tuple[str, ...] = ()
    repairs: tuple[str, ...] = field(default=())


def forecast_file(path: str, asking: Asking) -> Forecast:
    """The forecast of a CSV, TSV, Parquet or JSON file; HeldoutError names the file, what is wrong and the mend."""
    return forecast(read(path, asking), asking)


def read(path: str, asking: Asking) -> Columns:
    """The columns asked for."""
    place = Path(path).expanduser()
    with database() as connection:
        source = from_file(connection, place, path, 0)
        numeric = [p.name for p in profiles(connection, source) if p.number]
        x = _column(source, asking.x, "--x")
        y = _column(source, asking.y, "--y") if asking.y else _score(source, [n for n in numeric if n != x])
        system = _column(source, asking.system, "--system") if asking.system else None
        names = [x, y, *([system] if system else [])]
        cells = ", ".join(f"CAST({name_of(c)} AS VARCHAR) AS c{i}" for i, c in enumerate(names))
        rows = connection.execute(f"SELECT {cells} FROM {source.view}").fetchall()  # noqa: S608 - quoted names
    columns = list(zip(*rows, strict=True))
    scales, _ = parsed(list(columns[0]), words=False)
    scores, how = parsed(list(columns[1]), words=False)
    percent = np.array(how) == "percent"
    plainly = scores[~percent & np.isfinite(scores)]
    if percent.any() and len(plainly) and np.abs(plainly).max() <= 1.5:
        scores = np.where(percent, scores / 100, scores)
    systems = np.array([clean(s) for s in columns[2]] if system else ["all"] * len(rows))
    kept = np.isfinite(scales) & np.isfinite(scores)
    repairs = [f"{counted(int((~kept).sum()), 'row')} without a number in {x!r} or {y!r}: left out"] * (not kept.all())
    if not kept.any():
        raise HeldoutError(f"{path}: no row has a number both in {x!r} and in {y!r}")
    said = [f"column {x!r}: the scale", f"column {y!r}: the score"]
    said += [f"column {system!r}: what has a curve of its own"] if system else []
    return Columns(path, x, y, scales[kept], scores[kept], systems[kept], tuple(said), (*source.notes, *repairs))


def forecast(columns: Columns, asking: Asking) -> Forecast:
    """A curve per system; HeldoutError where a scale is not positive or no system has a curve."""
    if (columns.scales <= 0).any():
        bad = columns.scales[columns.scales <= 0]
        raise HeldoutError(
            f"{columns.source}: {counted(len(bad), 'row')} with a {columns.x} that is not positive (the first: {bad[0]:g}): "
            "scaling laws are about positive scales; leave those rows out"
        )
    at = asking.at or _ahead(float(columns.scales.max()))
    lower = asking.lower_is_better or bool(LOWER.search(plain(columns.y)))
    rng = np.random.default_rng(asking.seed)
    made, missing = [], []
    for name in dict.fromkeys(columns.systems.tolist()):
        mine = points(columns.scales[columns.systems == name], columns.scores[columns.systems == name])
        try:
            made.append(_system(name, mine, asking, at, lower, rng))
        except HeldoutError as error:
            missing.append((name, str(error)))
    if not made:
        raise HeldoutError(missing[0][1] if len(missing) == 1 else f"{missing[0][0]}: {missing[0][1]}")
    warnings = [*(f"{name} is left out: {why}" for name, why in missing), *_warnings(made, at)]
    understood = (*columns.understood, f"{'lower' if lower else 'higher'} is better")
    return Forecast(
        columns.source,
        columns.x,
        columns.y,
        at,
        lower,
        tuple(made),
        understood,
        columns.repairs,
        tuple(warnings),
    )


def _system(
    name: str, given: Points, asking: Asking, at: tuple[float, ...], lower: bool, rng: np.random.Generator
) -> SystemForecast:
    bounds = _bounds(given, asking, lower)
    if np.ptp(given.y) == 0:
        return _constant(name, given, at)
    laws = _laws(given, asking, lower, bounds)
    choice = choose(laws, given, rng, least=LEAST)
    used = choice.best if asking.law == "auto" else _named(choice, laws[0].name)
    limits = (min(bounds[0], float(given.y.min())), bounds[1]) if bounds else (-np.inf, np.inf)
    grid = np.geomspace(given.x[0], max(*at, given.x[-1]), GRID)
    drawn = predicted(used.fit, used.tested, grid, bounds=limits)
    ahead = predicted(used.fit, used.tested, np.array(at), bounds=limits)
    naive = [c for c in choice.candidates if c.law.name in NAIVE and c.error < used.error]
    return SystemForecast(
        name,
        given,
        used.law.name,
        tuple(_row(c, given, rng) for c in choice.candidates),
        tuple(Interval(*map(float, v)) for v in zip(ahead.value, ahead.low, ahead.high, strict=True)),
        ahead.method,
        len(choice.scales),
        naive[0].law.name if naive else "",
        np.column_stack([grid, drawn.value, drawn.low, drawn.high]),
        choice.left_out,
    )


def _constant(name: str, given: Points, at: tuple[float, ...]) -> SystemForecast:
    value = float(given.y[0])
    nothing = float("nan")
    row = LawRow("last value", 0.0, 0.0, True, {})
    curve = np.array([[given.x[0], value, nothing, nothing], [max(*at, given.x[-1]), value, nothing, nothing]])
    method = "no interval: all scores are equal, which says nothing of how they vary"
    values = tuple(Interval(value, nothing, nothing) for _ in at)
    return SystemForecast(name, given, "last value", (row,), values, method, 0, "", curve)


def _laws(given: Points, asking: Asking, lower: bool, bounds: tuple[float, float] | None) -> list[Forecaster]:
    positive = bool((given.y > 0).all())
    line = Line(log=positive and (lower or bounds is None))
    naive: list[Forecaster] = [Last(), Mean()]
    sigmoid: list[Forecaster] = [Sigmoid(*bounds)] if bounds else []
    match asking.law:
        case "power":
            return [Power(), line, *naive]
        case "broken":
            return [Broken(), line, *naive]
        case "line":
            return [line, *naive]
        case "sigmoid":
            if not sigmoid:
                raise HeldoutError(
                    f"scores up to {given.y.max():g} have no ceiling to rise to: give --ceiling for --law sigmoid"
                )
            return [*sigmoid, line, *naive]
    if bounds is not None and not lower:
        return [*sigmoid, Sigmoid(*bounds, free=True), line, *naive]
    return [*([Power(), Broken()] if positive else []), line, *naive]


def _bounds(given: Points, asking: Asking, lower: bool) -> tuple[float, float] | None:
    """Chance and ceiling where scores have them."""
    top = float(given.y.max())
    if asking.ceiling is None and (given.y.min() < 0 or top > 100 or (lower and asking.law != "sigmoid")):
        return None
    ceiling = asking.ceiling if asking.ceiling is not None else 1.0 if top <= 1 else 100.0
    if top > ceiling:
        raise HeldoutError(f"a score of {top:g} is above the ceiling of {ceiling:g}: give a larger --ceiling")
    return asking.chance, ceiling


def _named(choice: Choice, name: str) -> Candidate:
    for candidate in choice.candidates:
        if candidate.law.name == name:
            return candidate
    why = next(why for law, why in choice.left_out if law == name)
    raise HeldoutError(f"{name} cannot be used: {why}; --law auto says what can")


def _row(candidate: Candidate, given: Points, rng: np.random.Generator) -> LawRow:
    try:
        hidden = tail(candidate.law, given, rng).error
    except HeldoutError:
        hidden = float("nan")
    name = candidate.law.name
    return LawRow(name, candidate.error, hidden, name in NAIVE, candidate.fit.found)


def _warnings(made: Sequence[SystemForecast], at: tuple[float, ...]) -> list[str]:
    found = []
    for one in made:
        lead = "" if len(made) == 1 else f"{one.system}: "
        if one.better:
            found.append(f"{lead}the {one.better} back-tests better than the {one.law}")
        if not one.tested:
            found.append(
                f"{lead}{counted(len(one.given.scales), 'scale')}: too few to test any law; what holds is the last value"
            )
        if max(at) > FAR * one.given.x[-1]:
            found.append(
                f"{lead}{max(at):.3g} is {max(at) / one.given.x[-1]:.0f} times the largest scale seen: no back-test reaches so far"
            )
        found += [f"{lead}{law} was not tried: {why}" for law, why in one.left_out]
    return found


def _ahead(largest: float) -> tuple[float, ...]:
    return tuple(float(f"{f * largest:.3g}") for f in (3.0, 10.0))


def _column(source: Source, name: str, option: str) -> str:
    for column in source.columns:
        if column == name or plain(column) == plain(name):
            return column
    raise HeldoutError(
        f"{source.name}: no column {name!r} for {option}; there is {shown([clean(c) for c in source.columns], 12)}"
    )


def _score(source: Source, numeric: list[str]) -> str:
    ranked = sorted((place, n) for n in numeric if (place := usual(n, "score")) is not None)
    if ranked:
        return ranked[0][1]
    if len(numeric) == 1:
        return numeric[0]
    there = shown([clean(n) for n in numeric], 12) or "no column of numbers beside it"
    raise HeldoutError(f"{source.name}: which column is the score? Name it with --y; there is {there}")
