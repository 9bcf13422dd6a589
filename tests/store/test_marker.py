import json
import subprocess
import sys

import pytest

from heldout.core import HeldoutError
from heldout.store import columns, inspector, marker, open_store, seal


def test_an_empty_or_missing_folder_becomes_a_store(tmp_path):
    (tmp_path / "a").mkdir()
    for name in ("a", "b/c/d"):
        open_store(tmp_path / name)
        assert json.loads((tmp_path / name / "store.json").read_text())["schema"] == 1
        open_store(tmp_path / name, create=False)


def test_a_folder_with_other_things_is_refused_and_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("x")
    with pytest.raises(HeldoutError, match=r"not a store: .* give an empty folder"):
        open_store(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_file_is_refused(tmp_path):
    (tmp_path / "x").write_text("")
    with pytest.raises(HeldoutError, match="is a file"):
        open_store(tmp_path / "x")
    with pytest.raises(HeldoutError, match="cannot"):
        open_store(tmp_path / "x" / "y")


def test_nothing_is_created_where_that_was_not_asked(tmp_path):
    with pytest.raises(HeldoutError, match=r"no store at .* run a study first"):
        open_store(tmp_path / "x", create=False)
    assert not (tmp_path / "x").exists()


def test_a_newer_store_is_refused(tmp_path):
    open_store(tmp_path / "x")
    (tmp_path / "x" / "store.json").write_text('{"schema": 2}')
    with pytest.raises(HeldoutError, match=r"newer heldout .schema 2.* pip install --upgrade"):
        open_store(tmp_path / "x")


def test_a_newer_file_in_an_older_store_is_refused_and_kept(tmp_path, batch, monkeypatch):
    with monkeypatch.context() as newer:
        newer.setattr(seal, "SCHEMA", 2)
        open_store(tmp_path / "x").write(batch("c1"))
    with pytest.raises(HeldoutError, match="newer heldout"):
        open_store(tmp_path / "x").done(["c1"])
    assert (tmp_path / "x" / "batches" / "c1-0-3-p1.parquet").exists()


def test_an_older_store_is_read_by_a_newer_heldout(tmp_path, batch, monkeypatch):
    store = open_store(tmp_path / "x")
    store.write(batch("c1"))
    monkeypatch.setattr(seal, "SCHEMA", 2)
    monkeypatch.setattr(inspector, "SCHEMA", 2)
    monkeypatch.setattr(marker, "SCHEMA", 2)
    monkeypatch.setitem(columns.HIDDEN, "records", {**columns.HIDDEN["records"], "added": columns.TEXT})
    newer = open_store(tmp_path / "x")
    assert newer.done(["c1"]) == {"c1": {"p1": {0, 1, 2, 3}}}
    before = newer.records(["c1"])["value"].tolist()
    made = batch("c2")
    made.records["added"] = ["new"] * len(made.records["value"])
    newer.write(made)
    newer.compact()
    assert newer.records(["c1"])["value"].tolist() == before
    assert len(newer.records(["c1", "c2"])["value"]) == 2 * len(before)
    assert newer.warnings == ()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"schema": ', "{}", "null"])
def test_a_damaged_marker_says_how_to_mend_it(tmp_path, batch, text):
    open_store(tmp_path).write(batch("c1"))
    (tmp_path / "store.json").write_text(text)
    with pytest.raises(HeldoutError, match="delete that file and run again"):
        open_store(tmp_path)
    (tmp_path / "store.json").unlink()
    assert open_store(tmp_path).done(["c1"])


def test_a_marker_killed_half_way_is_begun_again(tmp_path):
    (tmp_path / ".tmp-host-1-abc.json").write_text("{")
    open_store(tmp_path)
    assert (tmp_path / "store.json").exists()


def test_many_processes_may_create_it_at_once(tmp_path):
    code = "import sys; from heldout.store import open_store; sys.stdin.readline(); open_store(sys.argv[1])"
    command = [sys.executable, "-c", code, str(tmp_path / "x")]
    several = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    for one in several:
        one.stdin.write("go\n")
        one.stdin.flush()
    assert [one.communicate()[1] for one in several] == [""] * 4
    assert [one.returncode for one in several] == [0] * 4
