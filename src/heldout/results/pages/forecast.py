"""The page of a forecast."""

import math
from collections.abc import Iterator
from typing import Any

from heldout.report.number import counted, interval, number, places
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Interval
from heldout.results.forecast import NAIVE, Forecast, LawRow, SystemForecast
from heldout.results.pages.page import Bar, Chart, Mark, Page
from heldout.results.pages.section import Plate, Section, called

WORDS = {"line in log-log": "straight line in log-log", "line in log x": "straight line in log x"}

INTERVALS = "95% prediction intervals for one new score"


def page(made: Forecast) -> Page:
    """The whole page."""
    rows = sum(len(s.given) for s in made.systems)
    many = len(made.systems) > 1
    shape = f"{counted(rows, 'score')} at {made.x} from {_scale(made, 0)} to {_scale(made, -1)}"
    return Page(
        headline(made),
        (_forecasts(made), *(_laws(made, s, many=many) for s in made.systems), _limits(made)),
        Mark(),
        tuple(_sentences(made)),
        line(made.source),
        shape + (f", {counted(len(made.systems), 'system')}" if many else ""),
        tuple(map(line, made.understood)),
        made.repairs,
        warnings=made.warnings,
        chart=_chart(made) if many else None,
        command="forecast",
        title=f"Forecast of {made.y} by {made.x}",
    )


def headline(made: Forecast) -> str:
    """What the nearest scale asked about brings, without a full stop."""
    best = _ordered(made)[0]
    value, where = best.values[0], f"at {called(made.x)} {scale(made.at[0])}"
    told = f"{called(made.y)} {_told(value)} is forecast {where}"
    if len(made.systems) == 1:
        return told[:1].upper() + told[1:]
    word = "lowest" if made.lower_is_better else "highest"
    return f"{called(best.system)} is forecast {word} {where}: {called(made.y)} {_told(value)}"


def scale(value: float) -> str:
    """A scale as short as it can be."""
    return f"{value:.4g}" if 1e-3 <= value < 1e6 else f"{value:.3g}"


def _scale(made: Forecast, end: int) -> str:
    ends = [float(s.given.x[end]) for s in made.systems]
    return scale(min(ends) if end == 0 else max(ends))


def _told(value: Interval) -> str:
    decimals = _decimals(value.estimate)
    return f"{number(value.estimate, decimals)} {interval(value.low, value.high, decimals)}".strip()


def _decimals(*values: float) -> int:
    return max(places(*values), 2)


def _ordered(made: Forecast) -> list[SystemForecast]:
    return sorted(made.systems, key=lambda s: s.values[0].estimate * (1 if made.lower_is_better else -1))


def _sentences(made: Forecast) -> Iterator[str]:
    for one in _ordered(made)[:3]:
        told = _verdict(one)
        yield f"{told[:1].upper()}{told[1:]}" if len(made.systems) == 1 else f"{called(one.system)}: {told}"
    if len(made.systems) == 1:
        yield f"{INTERVALS}: {made.systems[0].method}."


def _verdict(one: SystemForecast) -> str:
    """How the law used fared against the naive forecasts."""
    rows = {r.law: r for r in one.laws}
    used, name = rows[one.law], WORDS.get(one.law, one.law)
    if not one.tested or math.isnan(used.error):
        return f"the {name}, untested: {counted(len(one.given.scales), 'scale')} leave nothing to test a law on."
    tested = f"one step ahead over {counted(one.tested, 'scale')}"
    if one.better:
        better = rows[one.better]
        return (
            f"the {name} is off by {_error(used)} {tested}, and the {WORDS.get(one.better, one.better)}, which knows no "
            f"such law, by {_error(better)}: do not trust the {name} here."
        )
    if one.law in NAIVE:
        laws = [r for r in one.laws if not r.naive and not math.isnan(r.error)]
        rest = f"; the best law, {laws[0].law}, by {_error(laws[0])}" if laws else ""
        return f"the {name} back-tests best: off by {_error(used)} {tested}{rest}. No law earns its parameters here."
    naive = [r for r in one.laws if r.naive and not math.isnan(r.error)]
    return (
        f"the {name} back-tests best: off by {_error(used)} {tested}; the best naive forecast, "
        f"{WORDS.get(naive[0].law, naive[0].law)}, by {_error(naive[0])}."
    )


def _error(row: LawRow) -> str:
    return f"{row.error:.2g}"


def _forecasts(made: Forecast) -> Section:
    cells = [v.estimate for s in made.systems for v in s.values]
    rows = tuple(
        Row(
            line(s.system if len(made.systems) > 1 else made.y),
            tuple(Cell(v.estimate, v.low, v.high) for v in s.values),
            notes=(WORDS.get(s.law, s.law),),
        )
        for s in _ordered(made)
    )
    heads = tuple(f"at {scale(a)}" for a in made.at)
    caption = f"Forecast of {line(made.y)} with a 95% prediction interval for one new score"
    corner = "system" if len(made.systems) > 1 else "score"
    table = Table("Forecasts", corner, heads, rows, _decimals(*cells), ("law",), caption=caption)
    return Section("forecasts", "Forecasts", (), (table,), lambda: _plates(made))


def _plates(made: Forecast) -> tuple[Plate, ...]:
    from heldout.results.pages.figures import forecast

    return forecast.plates(made)


def _laws(made: Forecast, one: SystemForecast, *, many: bool) -> Section:
    rows = tuple(
        Row(
            WORDS.get(r.law, r.law) + (" (used)" if r.law == one.law else ""),
            (Cell(r.error), Cell(r.tail)),
            notes=(", ".join(f"{k} {v:.3g}" for k, v in r.found.items()),),
        )
        for r in one.laws
    )
    errors = [v for r in one.laws for v in (r.error, r.tail) if math.isfinite(v)]
    title = f"Laws put to the test: {called(one.system)}" if many else "Laws put to the test"
    caption = (
        f"Mean absolute error in {line(made.y)}: each scale forecast from all smaller ones, over {counted(one.tested, 'scale')}"
        "; and all above a tenth of the largest scale hidden at once"
    )
    small = max((-math.floor(math.log10(v)) + 1 for v in errors if v > 0), default=3)
    heads = ("one step ahead", "top decade")
    table = Table(title, "law", heads, rows, min(max(small, 2), 6), ("parameters",), caption=caption)
    slug = f"laws-{made.systems.index(one) + 1}" if many else "laws"
    return Section(slug, title, (f"{INTERVALS}: {one.method}.",) if many else (), (table,))


def _limits(made: Forecast) -> Section:
    said = [
        "A forecast says what follows if the law goes on; nothing in the data can show that it will, and a turn beyond the "
        "largest scale is not seen by any back-test."
    ]
    if any(s.law == "power law" for s in made.systems):
        said.append("Offset c is what the law says no scale removes; it is the least certain of its numbers.")
    return Section("limits", "What this cannot know", tuple(said))


def _chart(made: Forecast) -> Chart:
    bars = tuple(Bar(s.system, s.values[0], word=WORDS.get(s.law, s.law)) for s in _ordered(made))
    cells = [s.values[0].estimate for s in made.systems]
    return Chart(bars, value=f"at {scale(made.at[0])}, 95% interval", decimals=_decimals(*cells), legend="the law used")


def tree(made: Forecast) -> dict[str, Any]:
    """The same as plain values for JSON."""
    return {
        "source": made.source,
        "x": made.x,
        "y": made.y,
        "lower_is_better": made.lower_is_better,
        "understood": list(made.understood),
        "repairs": list(made.repairs),
        "systems": [_tree(made, s) for s in made.systems],
        "warnings": list(made.warnings),
    }


def _tree(made: Forecast, one: SystemForecast) -> dict[str, Any]:
    return {
        "system": one.system,
        "points": len(one.given),
        "law": one.law,
        "tested_scales": one.tested,
        "naive_is_better": one.better or None,
        "interval": one.method,
        "forecasts": [
            {"at": a, "estimate": v.estimate, "low": v.low, "high": v.high}
            for a, v in zip(made.at, one.values, strict=True)
        ],
        "laws": [
            {"law": r.law, "naive": r.naive, "error": r.error, "tail_error": r.tail, "parameters": dict(r.found)}
            for r in one.laws
        ],
        "left_out": dict(one.left_out),
    }
