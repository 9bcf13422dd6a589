"""Puzzles as pictures: type is the number of corners, size the size, colour the grey; confounders are a strip below."""

import math

import numpy as np

from heldout.tasks.formal.raven.bisection import ANSWERS, ATTRIBUTES
from heldout.tasks.formal.raven.rules import ROWS

SIDE, GAP, SCALE = 28, 2, 3
"""Pixels of a panel and between panels; panels are drawn larger and made smaller, so that edges are smooth."""


def picture(puzzle: np.ndarray, columns: int, values: int) -> np.ndarray:
    """A puzzle (panels, attributes, 4) as an image in [0, 1]: three rows, the last panel empty, then the answers in two rows.

    Uncertain values are laid over one another, each as dark as it is probable.
    """
    cells = [panel(one, values) for one in puzzle]
    empty = np.ones((SIDE, SIDE))
    context = [*cells[:-ANSWERS], empty]
    width = max(columns, ANSWERS // 2)
    rows = [context[i * columns : (i + 1) * columns] for i in range(ROWS)]
    rows += [cells[-ANSWERS : -ANSWERS // 2], cells[-ANSWERS // 2 :]]
    image = np.full((len(rows) * (SIDE + GAP) + 3 * GAP, width * (SIDE + GAP) + GAP), 0.6)
    for i, row in enumerate(rows):
        top = GAP + i * (SIDE + GAP) + (2 * GAP if i >= ROWS else 0)
        for j, cell in enumerate(row):
            left = GAP + j * (SIDE + GAP)
            image[top : top + SIDE, left : left + SIDE] = cell
    return image


def panel(cells: np.ndarray, values: int) -> np.ndarray:
    """One panel (attributes, 4) as an image (28, 28) in [0, 1]."""
    image = np.zeros((SIDE, SIDE))
    for offset, weight in zip((-1, 0, 1), cells[:ATTRIBUTES, 1:].mean(0), strict=True):
        if weight > 0:
            image += weight * _drawn(cells[:ATTRIBUTES, 0] + offset, values)
    image = np.clip(image, 0.0, 1.0)
    if extra := cells[ATTRIBUTES:, 0].tolist():
        edges = np.linspace(0, SIDE, len(extra) + 1).astype(int)
        for a, b, value in zip(edges, edges[1:], extra, strict=False):
            image[-3:, a:b] = 1.0 - value / max(values - 1, 1)
    return image


def _drawn(attributes: np.ndarray, values: int) -> np.ndarray:
    from PIL import Image, ImageDraw

    kind, size, colour = (min(max(a, 0), values - 1) / (values - 1) for a in attributes)
    corners = 3 + round(kind * 9)
    radius = SCALE * SIDE * (0.12 + 0.33 * size)
    centre = SCALE * SIDE / 2
    turns = [2 * math.pi * (i / corners - 0.25) for i in range(corners)]
    points = [(centre + radius * math.cos(t), centre + radius * math.sin(t)) for t in turns]
    image = Image.new("L", (SCALE * SIDE, SCALE * SIDE), 255)
    ImageDraw.Draw(image).polygon(points, fill=round(240 * (1 - colour)), outline=0)
    return np.asarray(image.resize((SIDE, SIDE), Image.Resampling.BOX), np.float64) / 255.0
