import io
from typing import Any

import pytest
from rich.console import Console

from heldout.core.result import Result
from heldout.report.terminal import show


def printed(result: Result, width: int, *, terminal: bool = False) -> str:
    out = io.StringIO()
    show(result, Console(file=out, width=width, force_terminal=terminal, color_system="standard" if terminal else None))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 80, 100, 200])
def test_nothing_is_wider_than_the_terminal(odd: Result, width: int) -> None:
    from rich.cells import cell_len

    assert max(cell_len(line) for line in printed(odd, width).split("\n")) <= width


def test_away_from_a_terminal_there_are_no_escapes(full: Result) -> None:
    text = printed(full, 100)
    assert "\x1b" not in text
    assert "[31m" in text


def test_on_a_terminal_the_only_escapes_are_ours(made: Any) -> None:
    assert "\x1b[31mé" not in printed(made.lengths(), 100, terminal=True)
    assert "\x1b[31m \u00e9" not in printed(made.lengths(), 100, terminal=True)


def test_each_verdict_is_a_word_with_a_mark(full: Result) -> None:
    text = printed(full, 100)
    for mark in ("▲ supported", "▼ refuted", "◆ undecided", "○ void"):
        assert mark in text


def test_cost_and_page_close_the_report(full: Result) -> None:
    assert printed(full, 100).rstrip().split("\n")[-4:] == [
        "time: 7 min 12 s now, 14 min 6 s of CPU behind all of it",
        "cells: 118 run, 2 reused",
        "runs: 1 diverged (scored as the task's worst), 0 failed",
        "page: .heldout/pages/corruptions.html",
    ]
