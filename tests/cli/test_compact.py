"""`heldout compact`: what it says, and that no fault makes it lose anything."""

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path

import pytest

from heldout.core import HeldoutError
from heldout.store import compaction, files, open_store, parquet, seal


@pytest.fixture(scope="module")
def batch():
    place = Path(__file__).parents[1] / "store" / "writing.py"
    spec = importlib.util.spec_from_file_location("heldout_compact_writing", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.batch


@pytest.fixture
def filled(tmp_path, batch):
    store = open_store(tmp_path / "store")
    for number in range(6):
        store.write(batch(f"c{number}", (0, 1)))
    return store


def cells(folder="store"):
    return open_store(folder).query("select count(distinct cell), count(*) from runs")[1][0]


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 4
    path.write_bytes(data)
    return bytes(data)


def test_it_says_what_became_of_the_files(heldout, filled):
    said = heldout("compact", "store")
    assert (said.code, said.err) == (0, "")
    assert "6 batches in 6 files" in said.out
    assert "now in 1 file (" in said.out
    again = heldout("compact", "--store", "store", "--json").json
    assert again["before"] == again["after"]
    assert {k: again["after"][k] for k in ("batches", "files")} == {"batches": 6, "files": 1}
    assert again["warnings"] == []
    assert cells() == (6, 12)


def test_it_makes_no_store(heldout):
    assert "there is no store at nowhere" in heldout("compact", "nowhere").line
    assert not Path("nowhere").exists()
    assert list(Path().iterdir()) == []


def test_the_shell_completes_folders(heldout, monkeypatch):
    monkeypatch.setenv("_HELDOUT_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "heldout compact ")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert heldout().out.startswith("dir,")


@pytest.mark.parametrize("known", [False, True])
def test_a_damaged_file_is_named_kept_as_it_is_and_not_sealed_anew(heldout, filled, batch, known, monkeypatch):
    """Also one that was compared with its checksum before it rotted, without its time or size saying so."""
    path = filled.folder / "batches" / "c3-0-1-p1.parquet"
    if known:
        monkeypatch.setattr("heldout.store.inspector.LARGE", 1)
        assert len(filled.done([f"c{n}" for n in range(6)])) == 6
    status = path.stat()
    spoilt = flip(path)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    said = heldout("compact", "store", "--json")
    (warning,) = said.json["warnings"]
    assert "c3-0-1-p1.parquet does not match its checksum: set aside as damaged/" in warning
    assert (filled.folder / "damaged" / path.name).read_bytes() == spoilt
    assert said.json["after"] == {**said.json["after"], "batches": 5, "files": 1}
    assert cells() == (5, 10)
    filled.write(batch("c3", (0, 1)))
    assert cells() == (6, 12)


def test_a_copy_is_not_removed_while_the_other_one_is_spoilt(filled, monkeypatch):
    """Killed after the part was published and before the small files went; then the part rots unseen."""
    with monkeypatch.context() as stopped:
        stopped.setattr(compaction, "_remove", lambda *_: None)
        filled.compact()
    (part,) = (filled.folder / "parts").iterdir()
    store = open_store(filled.folder)
    monkeypatch.setattr("heldout.store.inspector.LARGE", 1)
    assert len(store.done([f"c{n}" for n in range(6)])) == 6
    status = part.stat()
    flip(part)
    os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
    store.compact()
    assert cells(filled.folder) == (6, 12)
    assert part.name in store.warnings[0]


def test_killed_in_the_middle_it_leaves_everything(filled, tmp_path):
    """Stopped by kill -9 at the moments that matter: a part half written, written, and with half of its sources gone."""
    program = """
import os, signal, sys
from heldout.store import files, open_store, seal
module, name = {"sealed": (seal, "close"), "removed": (files, "remove"), "named": (files, "publish")}[sys.argv[2]]
real, calls = getattr(module, name), []
def die(*given):
    calls.append(1)
    if len(calls) == 3 or sys.argv[2] != "removed":
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*given)
setattr(module, name, die)
open_store(sys.argv[1]).compact(wait=True)
"""
    for where in ("sealed", "named", "removed"):
        done = subprocess.run([sys.executable, "-c", program, str(filled.folder), where], check=False)
        assert done.returncode == -signal.SIGKILL
        assert cells(filled.folder) == (6, 12)
    store = open_store(filled.folder)
    store.compact()
    assert store.warnings == ()
    assert [p.name[:5] for kind in ("batches", "parts") for p in (filled.folder / kind).iterdir()] == ["part-"]


def test_two_at_once_and_a_writer(filled, tmp_path, batch):
    command = [sys.executable, "-m", "heldout", "compact", str(filled.folder), "--json"]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    number = 6
    while any(one.poll() is None for one in both):
        filled.write(batch(f"c{number}", (0, 1)))
        number += 1
    for one in both:
        out, err = one.communicate()
        assert (one.returncode, err) == (0, b"")
        assert json.loads(out)["after"]["batches"] >= 6
    assert cells(filled.folder) == (number, 2 * number)
    assert open_store(filled.folder).warnings == ()


def test_a_batch_written_anew_while_its_file_is_folded_is_kept(filled, batch, monkeypatch):
    real = seal.close

    def close(path):
        monkeypatch.setattr(seal, "close", real)
        filled.write(batch("c2", (0, 1), started=9.0))
        real(path)

    monkeypatch.setattr(seal, "close", close)
    open_store(filled.folder).compact()
    for _ in range(2):
        assert set(filled.runs(["c2"])["started"]) == {9.0}
        assert cells(filled.folder) == (6, 12)
        filled.compact()


def test_a_full_disk_and_a_read_only_folder_are_one_line(heldout, filled, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(parquet.files, "publish", full)
        assert "is full: free some space and run again" in heldout("compact", "store").line
    with monkeypatch.context() as disk:
        disk.setattr(Path, "touch", lambda *_, **__: (_ for _ in ()).throw(OSError(30, "Read-only file system")))
        assert "make it writable" in heldout("compact", "store").line
    with monkeypatch.context() as disk:
        disk.setattr(files, "locked", lambda *_, **__: nullcontext(False))
        with pytest.raises(HeldoutError, match="cannot be locked"):
            files.writable(filled.folder)
    assert cells() == (6, 12)
    assert len(list((filled.folder / "batches").iterdir())) == 6


def test_one_who_waits_for_very_many_small_files_is_told(heldout, filled, monkeypatch):
    monkeypatch.setattr("heldout.cli.options.PATIENCE", 6)
    said = heldout("sql", "select count(*) as n from runs", "--store", "store", "--json")
    assert said.json == [{"n": 12}]
    assert "bringing 6 small files together, once" in said.err


def test_a_reader_of_many_small_files_waits_for_who_is_folding_them(filled, monkeypatch):
    monkeypatch.setattr(compaction, "LOOSE", 3)
    monkeypatch.setattr(compaction, "MANY", 3)
    program = (
        "import sys, time; from heldout.store import files; from pathlib import Path\n"
        "with files.locked(Path(sys.argv[1]) / files.COMPACTING): print('held', flush=True); time.sleep(0.5)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(filled.folder)], stdout=subprocess.PIPE)
    holder.stdout.readline()
    begun = time.monotonic()
    assert cells(filled.folder) == (6, 12)
    assert time.monotonic() - begun > 0.3
    holder.communicate()
    assert len(list((filled.folder / "batches").iterdir())) == 0
