"""Puzzles as text, and text as puzzles: panels are brackets, answers are numbered from 1."""

import re

import numpy as np

from heldout.tasks.formal.raven.bisection import ANSWERS
from heldout.tasks.formal.raven.rules import ROWS

PANEL = re.compile(r"\(([^()]*)\)")
ASKED = "Which answer completes row 3? Reply with its number."


def question(puzzle: np.ndarray, columns: int) -> str:
    """A puzzle (panels, attributes, 4) as text; uncertain values are written `<0.20::4,0.70::5,0.10::6>`."""
    panels = ["(" + ",".join(_value(*cell) for cell in panel) + ")" for panel in puzzle]
    rows = [", ".join(panels[i * columns : min((i + 1) * columns, ROWS * columns - 1)]) for i in range(ROWS)]
    context = [f"row {i + 1}: {row}" for i, row in enumerate(rows)]
    answers = [f"answer {i + 1}: {panel}" for i, panel in enumerate(panels[-ANSWERS:])]
    return "\n".join([*context[:-1], context[-1] + ", ?", *answers, ASKED])


def puzzle(text: str) -> np.ndarray:
    """The puzzle (panels, attributes, 4) behind a text."""
    found = [[_cell(value) for value in re.findall(r"<[^>]*>|[^,]+", panel)] for panel in PANEL.findall(text)]
    return np.array(found, np.float32)


def _value(value: float, before: float, itself: float, after: float) -> str:
    if itself == 1.0:
        return f"{value:.0f}"
    parts = ((before, value - 1), (itself, value), (after, value + 1))
    return "<" + ",".join(f"{p:.2f}::{v:.0f}" for p, v in parts if p > 0) + ">"


def _cell(text: str) -> tuple[float, float, float, float]:
    if not text.startswith("<"):
        return float(text), 0.0, 1.0, 0.0
    parts = {float(v): float(p) for p, v in (part.split("::") for part in text[1:-1].split(","))}
    value = max(parts, key=lambda v: parts[v])
    return value, parts.get(value - 1, 0.0), parts[value], parts.get(value + 1, 0.0)
