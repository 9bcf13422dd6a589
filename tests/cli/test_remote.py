"""Commands on a store behind an address."""

import subprocess
import sys
from pathlib import Path

import pytest

import toys

pytest.importorskip("fsspec")


def test_commands_take_an_address(heldout, monkeypatch, tmp_path):
    where = str(Path(toys.__file__).parent)
    (tmp_path / "mine.py").write_text(f"import sys\nsys.path.insert(0, {where!r})\nfrom toys import study\n")
    there = f"local://{tmp_path}/bucket/store"
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "one"))
    command = [sys.executable, "-m", "heldout", "run", "mine.py", "--workers", "2", "--no-page", "--store", there]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "two"))
    found = heldout("report", "mine.py", "--store", there, "--json").json
    assert found["claims"][0]["verdict"] in ("supported", "refuted", "undecided")
    assert heldout("sql", "select count(*) > 0 as some from runs", "--store", there, "--json").json == [{"some": True}]
    assert "cannot be compacted" in heldout("compact", there).line
    assert "takes a folder" in heldout("run", "mine.py", "--fresh", "--store", there).line
    assert "view shows folders" in heldout("view", there).line
    assert "no store at" in heldout("sql", "from runs", "--store", f"{there}-not").line
    assert "no such scheme" in heldout("sql", "from runs", "--store", "nowhere://x/y").line
    assert heldout("run", "corruptions", "--store", "file:///data/store").line.endswith(
        "in place of file:///data/store"
    )
    assert "store" not in [finding["thing"] for finding in heldout("doctor", "--store", there, "--json").json]
