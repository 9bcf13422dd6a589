"""Cells of a table as numbers: `**91.4**`, `91.4%`, `1,234.5`, `91.4 ± 0.3`, `91.4/88.6`, in SQL.

Everything works on the distinct texts of a column, so ten million cells cost as much as their few texts.
"""

import math
import re
from typing import NamedTuple

import numpy as np

from heldout.results.reading.names import MISSING

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?", re.IGNORECASE)
MARKS = re.compile(
    r"</?(?:b|i|em|strong|u|sub|sup|br)\s*/?>|\\(?:textbf|underline|emph|mathbf)\b|[*`_${}†‡§↑↓🥇🥈🥉\u00a0\u2009\u202f ]"
)
SPREAD = re.compile(r"(?:±|\+/-|\+-|\\pm|\().*$")
TRUE, FALSE = (
    ("true", "yes", "correct", "pass", "passed", "right", "c", "t"),
    (*("false", "no", "incorrect", "fail", "failed", "wrong", "i", "f"),),
)


class Cell(NamedTuple):
    """A cell's number and how it was come by: exact, missing, text, word (true, failed ...), percent, first (of several), spread or marked."""

    value: float
    how: str


def number(text: str | None, *, comma: bool = False) -> Cell:
    """The number in a cell; `comma`: the decimal mark is a comma. Infinite and NaN stay what they are."""
    if text is None or text.strip().lower() in MISSING:
        return Cell(math.nan, "missing")
    try:
        return Cell(float(text), "exact") if "_" not in text else _marked(text, comma)
    except ValueError:
        return _marked(text, comma)


def _marked(text: str, comma: bool) -> Cell:
    word = MARKS.sub("", text.strip().replace("−", "-")).strip()
    if word.lower() in MISSING:
        return Cell(math.nan, "missing")
    if word.lower() in TRUE or word.lower() in FALSE:
        return Cell(float(word.lower() in TRUE), "word")
    how = "marked"
    shorter = SPREAD.sub("", word)
    if shorter and shorter != word:
        how, word = "spread", shorter
    if "/" in word or "|" in word:
        how, word = "first", re.split(r"[/|]", word)[0]
    if word.endswith(("%", "％")):
        how, word = "percent", word[:-1]
    word = word.replace(",", ".") if comma else re.sub(r"(?<=\d)[,'’](?=\d{3}(?!\d))", "", word)
    if re.fullmatch(r"[+-]?(nan|inf(inity)?)", word, re.IGNORECASE):
        return Cell(float(word), how)
    return Cell(float(word), how) if NUMBER.fullmatch(word) else Cell(math.nan, "text")


def decimal_comma(texts: "list[str]") -> bool:
    """Whether a column's decimal mark is a comma: some cells can be nothing else, and no cell has a point."""
    cells = [t.strip() for t in texts if t and t.strip().lower() not in MISSING]
    odd = sum(bool(re.fullmatch(r"[+-]?\d+,(?!\d{3}$)\d+%?|[+-]?0,\d+%?", t)) for t in cells)
    return odd > 0 and not any("." in t for t in cells)


def parsed(texts: "list[str | None]", *, words: bool = True) -> "tuple[np.ndarray, list[str]]":
    """The numbers in distinct texts, with how each was come by.

    `words`: whether true, failed ... are 1 and 0: in a column of numbers a word is none of them.
    """
    comma = decimal_comma([t for t in texts if t is not None])
    cells = [number(t, comma=comma) for t in texts]
    if not words or any(c.how not in ("word", "missing", "text") for c in cells):
        cells = [Cell(math.nan, "text") if c.how == "word" else c for c in cells]
    return np.array([c.value for c in cells], float), [c.how for c in cells]
