"""What the table was taken for."""

from pathlib import PurePath

from heldout.report.number import counted
from heldout.report.text import line
from heldout.results.comparison import Comparison
from heldout.results.pages.section import listed

LONG = 40
"""Letters of a path beyond which only its end is said."""

KINDS = {"runs": "a score per run", "items": "outcomes item by item", "leaderboard": "one score per system and task"}


def sources(comparison: Comparison) -> str:
    """The files, as few as may stand in a title; of long paths the end, which tells them apart."""
    return listed(map(_ending, comparison.table.sources), 3) or "a table"


def _ending(path: str) -> str:
    return path if len(path) <= LONG else "…/" + "/".join(PurePath(path).parts[-2:])


def shape(comparison: Comparison) -> str:
    """Such as `5 systems × 26 tasks × 10 runs: a score per run, equal run numbers are equal seeds`."""
    table = comparison.table
    counts = [counted(len(table.systems), "system"), counted(len(table.tasks), "task")]
    runs = [s.runs for s in comparison.systems]
    if table.kind == "items" and table.items is not None:
        counts.append(counted(int(table.items.values.shape[1]), "item"))
    if runs and max(runs) > 1:
        counts.append(counted(max(runs), "run") if min(runs) == max(runs) else f"{min(runs):,} to {max(runs):,} runs")
    said = [KINDS[table.kind]]
    said += ["equal run numbers are equal seeds"] if table.paired else []
    said += [f"normalised: {line(comparison.normalised)}"] if comparison.normalised != "none" else []
    return f"{' × '.join(counts)}: {', '.join(said)}"


def repairs(comparison: Comparison) -> tuple[str, ...]:
    """What was mended or left out while reading."""
    return tuple(dict.fromkeys(comparison.table.warnings))


def warnings(comparison: Comparison) -> tuple[str, ...]:
    """What a reviewer would say, without what reading has said already."""
    return tuple(dict.fromkeys(w for w in comparison.warnings if w not in comparison.table.warnings))
