"""Every pair at once: the difference of the row's system from the column's, with the verdict's mark."""

import math
from collections.abc import Mapping

from heldout.report.figures.drawing import Drawing
from heldout.report.figures.panel import Panel
from heldout.report.figures.style import SIZE, light
from heldout.report.number import number
from heldout.report.text import distinct
from heldout.results.comparison import Comparison, PairRow
from heldout.results.pages.relation import UNDECIDED, Relation, decimals, relation
from heldout.results.pages.standing import standing

MOST, NUMBERS, LEFT, STRONGEST = 30, 12, 118, 0.5
"""Systems drawn, systems up to which cells hold numbers, room for names, and the opacity of the largest difference."""


def matrix(comparison: Comparison) -> Drawing | None:
    """The heat map; None for fewer than three systems, which a sentence serves better."""
    crew = [s.system for s in standing(comparison)][:MOST]
    if len(crew) < 3 or not comparison.pairs:
        return None
    told = len(crew) <= NUMBERS
    side, tall = (max(58, min(92, 620 / len(crew))), 38) if told else (22, 22)
    top = 74
    size = (LEFT + side * len(crew) + 46, top + tall * len(crew) + 4)
    panel = Panel(size, (LEFT, 46, top, 4), (0, len(crew)), (len(crew), 0))
    panel.ticks_y([i + 0.5 for i in range(len(crew))], list(distinct(crew, 17).values()), "ink")
    for j, said in enumerate(distinct(crew, 15).values()):
        tilt = {"rotation": 40}
        panel.text(j + 0.4, -6 / tall, said, "ink", ha="left", va="bottom", **tilt)
    _cells(panel, comparison, crew, told=told)
    title = "Differences between systems, row minus column, with the verdict on the row's system"
    return Drawing("pairs-matrix", title, panel.svg(title), "", size[0])


def _cells(panel: Panel, comparison: Comparison, crew: list[str], *, told: bool) -> None:
    found = _seen(comparison)
    largest = max((abs(d) for d, _ in found.values() if math.isfinite(d)), default=0.0)
    places, corners, faces = decimals(comparison), [], []
    for i, row in enumerate(crew):
        for j, column in enumerate(crew):
            corners.append((j, i))
            if (row, column) not in found:
                faces.append((*_rgb("soft"), 0.07))
                continue
            d, pair = found[row, column]
            seen = relation(pair, row)
            share = min(abs(d) / largest, 1.0) if largest and math.isfinite(d) else 0.0
            faces.append((*_rgb("supported" if d > 0 else "refuted"), 0.06 + (STRONGEST - 0.06) * share))
            if told:
                panel.text(j + 0.5, i + 0.34, number(d, places), "ink", fontsize=SIZE * 0.9)
                panel.text(j + 0.5, i + 0.73, seen.mark, _mark(seen), fontsize=SIZE * 0.8)
            else:
                panel.text(j + 0.5, i + 0.5, seen.mark, _mark(seen), fontsize=SIZE * 0.8)
    panel.squares(corners, faces)


def _mark(seen: Relation) -> str:
    """What is open stands out."""
    return "undecided" if seen is UNDECIDED else "ink"


def _seen(comparison: Comparison) -> Mapping[tuple[str, str], tuple[float, PairRow]]:
    """Every ordered pair with its difference, first minus second."""
    found: dict[tuple[str, str], tuple[float, PairRow]] = {}
    for pair in comparison.pairs:
        found[pair.a, pair.b] = (pair.difference.estimate, pair)
        found[pair.b, pair.a] = (-pair.difference.estimate, pair)
    return found


def _rgb(name: str) -> tuple[float, float, float]:
    shade = light(name)
    return int(shade[1:3], 16) / 255, int(shade[3:5], 16) / 255, int(shade[5:7], 16) / 255
