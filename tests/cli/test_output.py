"""Tables and JSON."""

import json
from dataclasses import dataclass

import numpy as np

from heldout.cli.output import plain, print_table, shown


@dataclass(frozen=True)
class Thing:
    a: int
    b: tuple[float, ...]


def test_json_has_only_what_json_has(capsys):
    value = {"x": float("nan"), 1: np.float32(0.5), "t": Thing(1, (2.0, float("inf"))), "n": np.arange(3), "s": {4}}
    assert plain(value) == {"x": None, "1": 0.5, "t": {"a": 1, "b": [2.0, None]}, "n": [0, 1, 2], "s": [4]}
    assert plain(np.int64(3)) == 3
    assert plain(True) is True
    print_table(("a", "b"), [(1, None)], as_json=True)
    assert json.loads(capsys.readouterr().out) == [{"a": 1, "b": None}]


def test_pipes_get_tabs_and_no_line_breaks_inside_cells(capsys):
    print_table(("name", "value"), [("a\tb\nc", 0.123456789), (None, 3)])
    assert capsys.readouterr().out == "name\tvalue\na b c\t0.123457\n\t3\n"


def test_terminals_get_aligned_columns(capsys, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    print_table(("name", "n"), [("[red]not markup[/red]", 1), ("b", 100)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "[red]not markup[/red]" in lines[1]
    assert lines[1].rstrip().endswith("  1")
    assert len({len(line.rstrip()) for line in lines}) == 1


def test_paths_are_short(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "a" / "b") == "a/b"
    assert shown(tmp_path.parent) == str(tmp_path.parent)
