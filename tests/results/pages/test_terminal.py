import io
import re
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from heldout.results.comparison import Comparison
from heldout.results.pages.compared import page
from heldout.results.pages.terminal import show


def printed(comparison: Comparison, width: int = 80, *, terminal: bool = False) -> str:
    out = io.StringIO()
    colours = "standard" if terminal else None
    show(page(comparison, brief=True), Console(file=out, width=width, force_terminal=terminal, color_system=colours))
    return out.getvalue()


@pytest.mark.parametrize("width", [60, 80, 100, 200])
def test_nothing_is_wider_than_the_terminal(shaped: Comparison, width: int) -> None:
    assert max(cell_len(line) for line in printed(shaped, width).split("\n")) <= width


def test_the_answer_is_on_the_first_screen(shaped: Comparison) -> None:
    first = printed(shaped).split("\n")[:24]
    assert any(re.match("[▲▼◆≈] ", line) for line in first)


def test_no_table_of_few_systems_is_cut_in_two_at_80_columns(made: Any) -> None:
    text = printed(made(8))
    assert text.count("\npair ") == 2, "pairs, and what would settle them"
    assert text.count("\nsystem ") == 2, "the chart and the aggregates"


def test_away_from_a_terminal_there_are_no_escapes(shaped: Comparison) -> None:
    assert "\x1b" not in printed(shaped)


def test_on_a_terminal_the_only_escapes_are_colours(hostile: Comparison) -> None:
    text = printed(hostile, terminal=True)
    assert "\x1b" in text
    assert "\x1b" not in re.sub(r"\x1b\[[\d;]*m", "", text)
    assert "\x1b[31m\n" not in text
    assert "\u202e" not in text


def test_all_that_was_repaired_or_is_doubtful_is_said(made: Any) -> None:
    text = re.sub(r"\s+", " ", printed(made()))
    for said in ("! 3 duplicated rows", "! only 5 runs per system", "! outliers drive the mean of ppo", "2 warnings"):
        assert said in text


def test_many_systems_are_cut_short_and_that_is_said(made: Any) -> None:
    text = printed(made(30, 5))
    assert "18 more systems below" in text
    assert "more pairs in --json" in re.sub(r"\s+", " ", text)


def test_claims_are_judged_on_the_page(hostile: Comparison) -> None:
    assert "▲ supported" in printed(hostile)
