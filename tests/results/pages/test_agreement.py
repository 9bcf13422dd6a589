"""The same numbers in the terminal, Markdown, HTML and JSON, made from those of JSON."""

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from rich.console import Console

from heldout.results.comparison import Comparison
from heldout.results.pages import html, markdown, terminal
from heldout.results.pages.compared import page
from heldout.results.pages.json import tree

NUMBER = r"-?\d+(?:\.\d+)?"
CELL = re.compile(rf"{NUMBER} \[{NUMBER}, {NUMBER}\]")


class Cells(HTMLParser):
    """The text of a page's cells and headings, each on a line of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.text += "\n" if tag == "tr" else "  " if tag in ("td", "th") else ""

    def handle_data(self, data: str) -> None:
        self.text += data.replace("\n", " ")


def texts(comparison: Comparison) -> dict[str, str]:
    out = io.StringIO()
    terminal.show(page(comparison, brief=True), Console(file=out, width=240))
    cells = Cells()
    cells.feed(re.sub(r"<svg.*?</svg>|<style>.*?</style>", "", html.page(page(comparison)), flags=re.DOTALL))
    return {
        "terminal": out.getvalue(),
        "markdown": re.sub(r"\\(?=\W)", "", markdown.page(page(comparison))),
        "html": cells.text,
    }


def said(value: dict[str, float], decimals: int) -> str:
    return f"{value['estimate']:.{decimals}f} [{value['low']:.{decimals}f}, {value['high']:.{decimals}f}]"


@pytest.mark.parametrize("kind", [(2, 6, 5), (6, 8, 5), (9, 20, 4)])
def test_aggregates_and_pairs_agree(made: Any, kind: tuple[int, int, int]) -> None:
    comparison = made(*kind)
    found = json.loads(json.dumps(tree(comparison)))
    for name, text in texts(comparison).items():
        numbers = set(CELL.findall(re.sub(r"[ \n]+", " ", text)))
        for system in found["systems"]:
            for aggregate in ("iqm", "mean", "median", "optimality_gap"):
                assert said(system[aggregate], 3) in numbers, (name, system["system"], aggregate)
        if kind[0] <= 8:
            for pair in found["pairs"]:
                assert said(pair["difference"], 3).replace("-0.000", "0.000") in numbers, (name, pair)
                assert said(pair["probability_of_improvement"], 2) in numbers, (name, pair)


def test_verdicts_agree(made: Any) -> None:
    comparison = made(6, 8)
    words = {"a better": "▲ better", "b better": "▼ worse", "equivalent": "≈ equivalent", "undecided": "◆ undecided"}
    for name, text in texts(comparison).items():
        rows = [re.sub(r"\s+", " ", row) for row in text.split("\n") if "[" in row]
        for pair in tree(comparison)["pairs"]:
            (row,) = [row for row in rows if re.search(rf"^\W*{pair['a']} vs {pair['b']} ", row)]
            assert words[pair["verdict"]] in row, (name, pair)


def test_narrow_terminals_lose_no_number(made: Any) -> None:
    def numbers(width: int) -> list[str]:
        out = io.StringIO()
        terminal.show(page(made(6, 8), brief=True), Console(file=out, width=width))
        return sorted(re.findall(r"\d+\.\d+", out.getvalue()))

    assert numbers(80) == numbers(100) == numbers(200)
