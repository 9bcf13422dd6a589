"""`heldout new` and `heldout check`."""

import subprocess
import sys
from pathlib import Path

import pytest

import toys
from heldout.core import discover
from heldout.core.discover import load

TOYS = str(toys.__file__)


def test_a_new_study_is_well_formed_and_keeps_its_name(heldout, tmp_path):
    said = heldout("new", "my-paper")
    assert said.out == "wrote my_paper.py\n"
    assert "heldout run my_paper.py" in said.err
    study = load(str(tmp_path / "my_paper.py"))
    assert study.slug == "my-paper"
    assert len((tmp_path / "my_paper.py").read_text().splitlines()) <= 100
    config = Path(__file__).parent.parent.parent / "pyproject.toml"
    for check in (["check", "--ignore", "I001"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *check, "--config", str(config), "my_paper.py"], cwd=tmp_path, check=False
        )
        assert done.returncode == 0
    assert "exists already" in heldout("new", "my-paper").line


def test_a_new_study_runs_as_it_is(heldout):
    heldout("new", "my-paper")
    assert "2 claims" in heldout("run", "my_paper.py", "--smoke").out


def test_a_new_study_goes_where_it_is_told(heldout, tmp_path, monkeypatch):
    heldout("new", "my-paper", "--path", "deep/er/file.py")
    assert (tmp_path / "deep" / "er" / "file.py").exists()
    root = tmp_path / "checkout" / "src" / "heldout" / "studies"
    monkeypatch.setattr(discover, "ROOT", root)
    assert "not checked out" in heldout("new", "my-paper", "--theme", "scenes").line
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "pyproject.toml").write_text("")
    heldout("new", "my-paper", "--theme", "scenes")
    assert (root / "scenes" / "my_paper.py").exists()
    assert (root / "scenes" / "__init__.py").exists()
    assert "there is a study called 'my-paper'" in heldout("new", "my-paper", "--theme", "other").line


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["My Paper"], "slug 'My Paper' must be lower-case words"),
        (["../x"], "must be lower-case words"),
        (["x", "--theme", "../up"], "theme '../up' must be"),
        (["x", "--theme", "a", "--path", "b.py"], "choose one"),
        (["x", "--path", "x.txt"], "must end in .py"),
    ],
)
def test_names_that_make_no_file_are_one_line(heldout, arguments, said):
    assert said in heldout("new", *arguments).line


def test_check_says_a_line_for_each_contract(heldout):
    said = heldout("check", f"{TOYS}:asked")
    assert said.code == 0
    assert "kept    task sums: splits are disjoint" in said.out
    assert all(line.startswith("kept") for line in said.out.splitlines())


def test_check_of_a_broken_thing_of_ones_own(heldout, tmp_path):
    (tmp_path / "mine.py").write_text(
        f"import sys\nsys.path.insert(0, {str(Path(TOYS).parent)!r})\nimport toys\n"
        "class Lottery(toys.Sums):\n    chance = 1.0\n"
        "thing = Lottery()\nnothing = 3\n"
    )
    said = heldout("check", "mine.py:thing")
    assert said.code == 1
    assert "broken  task sums: chance < oracle: the oracle scores 1 on 'iid', no better than chance (1)" in said.out
    found = heldout("check", "mine.py:thing", "--json").json
    assert {f["contract"] for f in found if not f["kept"]} == {"chance < oracle"}
    assert "no study, cell or task" in heldout("check", "mine.py:nothing").line
    assert "defines no `absent`" in heldout("check", "mine.py:absent").line
