"""Say what it would take to decide each claim."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from heldout.cli.options import Effect, evidence_folder, json_option, load, store_option, study_argument
from heldout.cli.output import print_json, print_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heldout.core.discover import Found
    from heldout.core.study import Study


@dataclass(frozen=True)
class Need:
    """The least units with which a claim could be decided; None: never within the budget.

    `expected`: the mean number at the stated effect, and the `power` then; None: an effect alone does not tell.
    """

    claim: str
    statement: str
    least: int | None
    expected: float | None
    power: float | None
    unit: str
    cap: int


@click.command
@study_argument
@click.option("--effect", type=Effect(), metavar="D", default="1", show_default=True, help="In standard deviations.")
@store_option
@json_option
def command(name: str, effect: float, where: str, as_json: bool) -> None:
    """Say what it would take to decide each claim, before anything runs.

    For each claim: the least seeds or items with which it could be decided if all went its way; what it takes on average,
    and how often it is supported, if every difference (or distance from a bound) is D standard deviations of one unit, by
    simulation; the cap. Then the minutes, where the store has seen the study's cells run.
    """
    found, study = load(name)
    wanted, minutes = needs(study, effect), estimate(study, seconds(study, where, found))
    if as_json:
        plan = {"study": study.slug, "effect": effect, "claims": wanted}
        print_json(plan | {"minutes": minutes, "cap_minutes": study.budget.minutes})
        return
    rows = [(n.claim, "never" if n.least is None else n.least, *_foreseen(n), f"{n.unit}s", n.cap) for n in wanted]
    print_table(("claim", "least", f"expected at effect {effect:g}", "power", "unit", "cap"), rows)
    known = f"about {minutes:.1f} minutes to the first look" if minutes is not None else "minutes unknown before a run"
    click.echo(f"{known}; the budget stops at {study.budget.minutes:g}", err=True)


def _foreseen(need: Need) -> tuple[str, str]:
    return ("–", "–") if need.expected is None or need.power is None else (f"{need.expected:.0f}", f"{need.power:.0%}")


def needs(study: "Study", effect: float) -> tuple[Need, ...]:
    """What each claim needs at least, and on average at an effect in standard deviations, in the study's order."""
    from heldout.lab import expected_units, least_units

    found, foreseen = [], expected_units(study, effect)
    for name, (n, unit) in least_units(study).items():
        cap = study.budget.items if unit == "item" else study.budget.seeds
        mean = foreseen[name]
        average, power = (mean.units, mean.power) if mean else (None, None)
        found.append(Need(name, study.claims[name].text, n, average, power, unit, cap))
    return tuple(found)


def seconds(study: "Study", where: str, found: "Found") -> dict[str, float]:
    """Seconds per unit by cell digest, as the store or else the kept evidence has them; cells never run are missing."""
    from heldout.core.cell import grid
    from heldout.evidence import read
    from heldout.store import exists, open_store

    cells, known = grid(study), {}
    path = evidence_folder(found) / f"{study.slug}.json"
    if path.exists():
        kept = read(path)["seconds_per_unit"]
        known = {c.digest: float(kept[c.name]) for c in cells if c.name in kept}
    if exists(where):
        runs = open_store(where, create=False).runs([c.digest for c in cells])
        for cell in cells:
            mine = runs["seconds"][runs["cell"] == cell.digest]
            known |= {cell.digest: float(mine.mean())} if len(mine) else {}
    return known


def estimate(study: "Study", known: "Mapping[str, float]") -> float | None:
    """Minutes to the first look with one worker per core; None where a cell's speed is not known."""
    from heldout.core.cell import grid
    from heldout.lab import first_look
    from heldout.runner.pool import cores

    units = first_look(study, grid(study))
    if not units.keys() <= known.keys():
        return None
    return sum(n * known[digest] for digest, n in units.items()) / len(cores()) / 60
