"""Finding studies by slug, file and module, without importing what is only listed."""

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import toys
from heldout.core import discover
from heldout.core.discover import about, fetch, find, load, studies, title
from heldout.core.errors import HeldoutError

TOYS = Path(toys.__file__)
STUDY = '''"""A title (Author, 2026).

Kept: this.
    Left out: that.
"""
from heldout.core import Budget, Paper, Study
study = Study(Paper("mine"), (), (), {})
other = Study(Paper("other"), (), (), {}, budget=Budget(seeds=3))
'''


def write(folder, text, name="my_study.py"):
    path = folder / name
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    return path


def test_our_own_studies_are_found_with_slug_theme_and_title():
    found = studies()
    assert "corruptions" in found
    assert found["corruptions"].theme == "vision"
    assert found["corruptions"].title.startswith("Benchmarking Neural Network Robustness")
    assert found["corruptions"].reference == "heldout.studies.vision.corruptions:study"
    assert all(f.title.endswith((".", ")")) for f in found.values() if f.path), "a study's first line is its citation"


def test_slugs_are_unique_over_themes():
    stems = [p.stem for p in discover.ROOT.glob("*/[!_]*.py")]
    assert len(stems) == len(set(stems))


def test_listing_imports_neither_jax_nor_any_study():
    program = (
        "import sys; from heldout.core.discover import studies; studies();"
        "print([m for m in sys.modules if m.split('.')[0] in ('jax', 'equinox', 'sklearn') or 'studies.' in m])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_titles_are_read_without_running_the_file(tmp_path):
    assert title(write(tmp_path, STUDY)) == "A title (Author, 2026)."
    assert title(write(tmp_path, "# a comment\n\n'''One\ntwo'''\nraise SystemExit")) == "One"
    assert title(write(tmp_path, 'r"""Raw \\alpha."""\nthis is no python')) == "Raw \\alpha."
    assert title(write(tmp_path, "x = 1\n'''not a docstring'''")) == ""
    assert title(write(tmp_path, '"""never closed')) == ""
    assert title(tmp_path / "absent.py") == ""
    (tmp_path / "binary.py").write_bytes(b"\xff\xfe\x00")
    assert title(tmp_path / "binary.py") == ""


def test_a_file_is_found_loaded_and_described(tmp_path, monkeypatch):
    path = write(tmp_path, STUDY)
    monkeypatch.chdir(tmp_path)
    found = find("my_study.py")
    assert (found.slug, found.path, found.title) == ("my-study", path, "A title (Author, 2026).")
    assert load(found.reference).slug == "mine"
    assert load(find("my_study.py:other").reference).budget.seeds == 3
    assert about(found) == "Kept: this.\n    Left out: that."


def test_a_module_is_found_by_its_dotted_name(tmp_path, monkeypatch):
    write(tmp_path, STUDY, "pkg_of_test.py")
    (tmp_path / "outer_of_test").mkdir()
    write(tmp_path / "outer_of_test", STUDY, "inner_study.py")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = find("outer_of_test.inner_study:other")
    assert (found.slug, load(found.reference).slug) == ("inner-study", "other")
    assert about(found).startswith("Kept")


def test_a_file_of_ours_is_the_installed_study_so_that_its_cells_are_the_same():
    path = studies()["corruptions"].path
    assert path is not None
    assert find(str(path)) == studies()["corruptions"]


def test_entry_points_of_other_packages_are_found(monkeypatch):
    from importlib.metadata import EntryPoint

    points = [EntryPoint("theirs", "their.module:thing", discover.GROUP), EntryPoint("corruptions", "x.y", "g")]
    monkeypatch.setattr(discover, "entry_points", lambda group: points if group == discover.GROUP else [])
    found = studies()
    assert found["theirs"].reference == "their.module:thing"
    assert found["corruptions"].theme == "vision", "heldout's own study keeps its name"


def test_what_stands_beside_a_file_can_be_imported_when_it_is_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    write(tmp_path, "VALUE = 7\n", "beside_the_study.py")
    path = write(tmp_path, STUDY + "def late():\n    import beside_the_study\n    return beside_the_study.VALUE\n")
    assert fetch(f"{path}:late")() == 7  # pyright: ignore[reportCallIssue]


def error(call, *given):
    with pytest.raises(HeldoutError) as caught:
        call(*given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_unknown_names_get_the_nearest():
    assert "did you mean corruptions" in error(find, "corruption")
    assert "heldout list" in error(find, "zzzzzzzz")
    assert "no such file" in error(find, "nowhere/study.py")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("x = 1\ny = 1 / 0\n", "raises ZeroDivisionError at line 2 of my_study.py: division by zero"),
        ("import numpy\nnumpy.zeros(-1)\n", "raises ValueError at line 2 of my_study.py"),
        ("def f(:\n", "raises SyntaxError: "),
        ("import a_package_that_is_not_there\n", "needs the package 'a_package_that_is_not_there'"),
        ("import heldout.nothing\n", "imports heldout.nothing, which heldout does not have"),
        ("raise SystemExit('bye\\nbye')\n", "raises SystemExit at line 1 of my_study.py: bye"),
        ("from heldout.core import Budget\nBudget(seeds=0)\n", "at least one seed"),
        ("x = 1\n", "defines no `study`: end the file with `study = Study(...)`"),
        ("study = 3\n", "is 3, not a study"),
        ("from heldout.core import Paper, Study\nours = Study(Paper('a'), (), (), {})\n", "there is ours"),
    ],
)
def test_files_that_hold_no_study_are_said_in_one_line(tmp_path, body, said):
    path = write(tmp_path, body)
    message = error(load, str(path))
    assert said in message
    assert str(path) in message
    assert "heldout_user_my_study" not in sys.modules or "raises" not in message


def test_a_module_that_is_not_there_is_named():
    assert "no module 'not_installed_at_all'" in error(load, "not_installed_at_all.study")
    assert "did" not in error(load, "heldout.studies.vision.nothing")


def test_a_missing_package_of_an_extra_names_the_pip_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "optax", None)
    path = write(tmp_path, "import optax\n")
    assert "pip install 'heldout[lab]'" in error(load, str(path))


def test_the_toys_are_two_studies():
    assert load(str(TOYS)).slug == "toys"
    assert load(f"{TOYS}:asked").slug == "asked"
