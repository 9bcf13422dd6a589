"""Several drawings on one sheet, for pages that hold few pictures."""

from collections.abc import Sequence
from html import escape

from heldout.report.figures.drawing import Drawing
from heldout.report.figures.style import MARKERS, SIZE
from heldout.report.sample import Samples
from heldout.report.text import line, short

GLYPHS = dict(zip(MARKERS, "●■▲◆▼✚✖", strict=True))
"""The markers as letters, for legends."""

CAPTION, LEGEND = 20, 26


def sheet(
    name: str, caption: str, drawings: Sequence[Drawing], legend: Sequence[str] = (), columns: int = 4
) -> Drawing:
    """The drawings in rows, each under its caption, below a legend of the learners' labels."""
    width = max(d.width for d in drawings)
    tall = max(_height(d) for d in drawings)
    columns = min(columns, len(drawings))
    parts, top = _legend(legend, width * columns)
    for i, drawing in enumerate(drawings):
        x, y = (i % columns) * width, top + (i // columns) * (tall + CAPTION)
        parts.append(_text(x + 4, y + 13, short(drawing.caption, int(width / 7)), "ink", 1.0))
        inner = drawing.svg.replace(
            "<svg ", f'<svg x="{x:g}" y="{y + CAPTION:g}" width="{drawing.width:g}" height="{_height(drawing):g}" ', 1
        )
        parts.append(inner)
    rows = -(-len(drawings) // columns)
    return _whole(name, caption, (width * columns, top + rows * (tall + CAPTION)), parts)


def samples(name: str, shown: Samples, size: int = 44) -> Drawing | None:
    """The pictures of a task by group and level."""
    if not shown.grid or not any(one and one.picture for _, row in shown.grid for one in row):
        return None
    left, top = 150, 20 if any(shown.columns) else 4
    parts = [_text(left + (j + 0.5) * (size + 4), 13, c, "soft", 0.95, "middle") for j, c in enumerate(shown.columns)]
    for i, (label, row) in enumerate(shown.grid):
        y = top + i * (size + 4)
        parts.append(_text(left - 8, y + size / 2 + 4, short(label, 22), "ink", 1.0, "end"))
        for j, one in enumerate(row):
            if one and one.picture:
                parts.append(
                    f'<image x="{left + j * (size + 4)}" y="{y}" width="{size}" height="{size}" '
                    f'style="image-rendering:pixelated" href="{one.picture}"/>'
                )
    wide = left + max(len(row) for _, row in shown.grid) * (size + 4)
    return _whole(name, f"Sample instances of {shown.task}", (wide, top + len(shown.grid) * (size + 4)), parts)


def _legend(labels: Sequence[str], width: float) -> tuple[list[str], float]:
    parts, x, y = [], 4.0, 16.0
    for i, label in enumerate(labels):
        said = short(label, 40)
        wide = 34 + 7 * len(said)
        if x > 4 and x + wide > width:
            x, y = 4.0, y + 20
        parts.append(_text(x, y, GLYPHS[MARKERS[i % 7]], f"c{i % 7 + 1}", 1.0))
        parts.append(_text(x + 16, y, said, "ink", 1.0))
        x += wide
    return parts, (y - 16 + LEGEND if labels else 0)


def _text(x: float, y: float, text: str, colour: str, size: float, anchor: str = "start") -> str:
    style = f"font: {SIZE * size:.4g}px sans-serif; text-anchor: {anchor}; fill: var(--{colour})"
    return f'<text x="{x:g}" y="{y:g}" style="{style}">{escape(line(text))}</text>'


def _whole(name: str, caption: str, size: tuple[float, float], parts: Sequence[str]) -> Drawing:
    head = f'<svg viewBox="0 0 {size[0]:g} {size[1]:g}" role="img" aria-label="{escape(line(caption))}">'
    return Drawing(name, caption, head + "".join(parts) + "</svg>", "", size[0])


def _height(drawing: Drawing) -> float:
    return float(drawing.svg.split('viewBox="', 1)[1].split('"', 1)[0].split()[3])
