"""A page of any kind, such as ratings or forecasts, in every form."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from rich.console import Console

from heldout.core.errors import HeldoutError
from heldout.report.figures.drawing import Drawing
from heldout.report.table import Cell, Row, Table
from heldout.results.comparison import Interval
from heldout.results.pages import abilities, html, markdown, reliability, terminal
from heldout.results.pages.compared import page
from heldout.results.pages.page import Bar, Chart, Chip, Mark, Page
from heldout.results.pages.section import Plate, Section

NAN = float("nan")


def drawn() -> tuple[Plate, ...]:
    svg = '<svg viewBox="0 0 9 9" role="img" aria-label="a curve that falls"><path d="M0 0L9 9"/></svg>'
    return (Plate((Drawing("curve", "loss", svg),), (("loss", "c1", "●"),), label="The curve", note="Drawn: all."),)


def forecast() -> Page:
    rows = (Row("1e21", (Cell(0.31, 0.2, 0.4),)),)
    return Page(
        "At 1e21 the loss will be 0.31",
        (Section("next", "What comes next", ("A power law.",), (Table("Next", "compute", ("loss",), rows),), drawn),
         Section("none", "Nothing")),
        Mark("▲", "supported"),
        ("Between 0.2 and 0.4.",),
        "runs.csv",
        "12 runs",
        ("x: column 'compute'",),
        ("1 run without compute left out",),
        warnings=("3 points are few",),
        chart=Chart((Bar("law", Interval(0.31, 0.2, 0.4)), Bar("line", Interval(0.3, 0.1, 0.5), "7", "1")), "fit", "loss", "runs", "rank"),
        chips=(Chip(Mark("▲", "supported"), "2 fits"),),
        command="forecast",
    )  # fmt: skip


def printed(made: Page, width: int = 80) -> str:
    out = io.StringIO()
    terminal.show(made, Console(file=out, width=width))
    return out.getvalue()


def test_every_form_says_it_all() -> None:
    for text in (printed(forecast()), markdown.page(forecast()), html.page(forecast())):
        for said in ("At 1e21 the loss will be 0.31", "Between 0.2 and 0.4.", "runs.csv", "12 runs", "1 run without", "A power law.",
                     "What comes next", "3 points are few"):  # fmt: skip
            assert said in text, said
        assert "Nothing" not in text


def test_the_terminal_draws_the_chart() -> None:
    text = printed(forecast())
    assert "▲ At 1e21 the loss will be 0.31.\n" in text
    assert "├" in text
    assert "fit   loss" in text


def test_html_names_its_figures_and_the_command() -> None:
    text = html.page(forecast())
    assert 'aria-label="a curve that falls"' in text
    assert "<b>heldout forecast</b> / runs.csv" in text
    assert "<title>At 1e21 the loss will be 0.31" in text
    assert 'class="c1"' in text
    assert "Drawn: all." in text


def test_a_headline_alone_is_a_page() -> None:
    bare = Page("Nothing is known", ())
    assert "\nNothing is known.\n" in printed(bare)
    assert markdown.page(bare).startswith("# Nothing is known\n")
    assert 'href="#answer"' not in html.page(bare)


def test_figures_are_drawn_only_where_they_are_shown() -> None:
    def never() -> tuple[Plate, ...]:
        raise AssertionError

    shy = replace(forecast(), sections=(replace(forecast().sections[0], figures=never),))
    printed(shy)
    markdown.page(shy)
    with pytest.raises(AssertionError):
        html.page(shy)


def test_a_notebook_without_the_pages_extra_shows_text(made: Any, monkeypatch: Any) -> None:
    from heldout.results.compared import Compared

    def lacking(*_: object) -> str:
        raise HeldoutError("an HTML page needs the package 'jinja2'")

    monkeypatch.setattr(html, "page", lacking)
    assert Compared(made())._repr_html_().startswith("<pre># dreamerv3 is better")


def test_responses_and_repeats_have_their_places(made: Any, monkeypatch: Any) -> None:
    from heldout.results.pages.json import tree

    monkeypatch.setattr(abilities, "section", lambda _: Section("abilities", "Abilities", ("Item 3 is hard.",)))
    monkeypatch.setattr(reliability, "section", lambda _: Section("reliability", "Reliability", ("pass^2 is 0.4.",)))
    monkeypatch.setattr(abilities, "tree", lambda _: {"items": 3})
    monkeypatch.setattr(reliability, "tree", lambda _: {"k": 2})
    text = printed(page(made()))
    assert text.index("Performance profiles") < text.index("pass^2 is 0.4.") < text.index("Item 3 is hard.")
    assert "abilities" not in tree(made())
    found = tree(replace(made(), abilities=object(), reliability=object()))
    assert json.loads(json.dumps((found["abilities"], found["reliability"]))) == [{"items": 3}, {"k": 2}]
