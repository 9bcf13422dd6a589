import os
import random
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from heldout.core import HeldoutError, Verdict
from heldout.store import files, open_store


@contextmanager
def small_disk(place, size):
    """A real file system of that size, or a skipped test."""
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting is not permitted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_killed_writer_loses_its_running_batch_at_most(folder, writing):
    store, draw = open_store(folder), random.Random(1)  # noqa: S311
    script = str(Path(writing.__file__))
    for turn in range(4):
        process = subprocess.Popen(
            [sys.executable, script, str(folder), f"k{turn}", "400"], stdout=subprocess.PIPE, text=True
        )
        process.stdout.readline()
        time.sleep(draw.uniform(0.05, 0.4))
        process.send_signal(signal.SIGKILL)
        told = [line.strip() for line in process.communicate()[0].splitlines()]
        done = store.done([f"k{turn}{n:04d}" for n in range(400)])
        assert set(told) <= set(done)
        assert len(done) <= len(told) + 1
        records = store.records(list(done))
        assert len(records["value"]) == 16 * len(done)
    assert store.warnings == ()
    store.write(writing.batch("last"))
    assert not [p for p in (folder / "batches").iterdir() if p.name.startswith(files.TEMPORARY)]


def test_unfinished_files_are_passed_over_and_swept_when_their_writer_is_dead(folder, batch):
    store = open_store(folder)
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    ours = files.temporary(folder / "batches" / "x.parquet")
    mine = ours.name
    theirs = mine.replace(f"-{os.getpid()}-", f"-{dead.pid}-")
    parent = mine.replace(f"-{os.getpid()}-", f"-{os.getppid()}-")
    elsewhere, forgotten = ".tmp-otherhost-1-ab.parquet", ".tmp-otherhost-2-ab.parquet"
    for name in (mine, theirs, parent, elsewhere, forgotten):
        (folder / "batches" / name).write_bytes(b"PAR1")
    os.utime(folder / "batches" / forgotten, (0, 0))
    assert store.done(["c1"]) == {}
    store.write(batch("c1"))
    left = {p.name for p in (folder / "batches").iterdir()} - {"c1-0-3-p1.parquet"}
    assert left == {mine, parent, elsewhere}
    assert store.warnings == ()


def test_a_full_disk_stops_with_one_line_and_a_consistent_store(tmp_path, batch):
    with small_disk(tmp_path / "disk", "256k") as disk:
        store, written = open_store(disk / "store"), []

        def fill():
            for number in range(200):
                store.write(batch(f"c{number:03d}", items=number))
                written.append(number)

        (disk / "ballast").write_bytes(bytes(65536))
        with pytest.raises(HeldoutError, match=r"the disk of .*store.* is full: free some space") as raised:
            fill()
        assert "\n" not in str(raised.value)
        assert len(written) > 3
        cells = [f"c{n:03d}" for n in range(200)]
        for one in (store, open_store(disk / "store")):
            assert len(one.done(cells)) == len(written)
            assert len(one.records(cells)["value"]) == 16 * len(written)
            assert one.warnings == ()
        assert not [p for p in (disk / "store" / "batches").iterdir() if p.name.startswith(".")]
        (disk / "filler").write_bytes(b"0" * (os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize))
        for attempt in (
            lambda: store.write(batch("x")),
            lambda: store.keep_verdicts("s", "a", [Verdict("c", "a > b", "supported")], "abc"),
            lambda: open_store(disk / "other"),
        ):
            with pytest.raises(HeldoutError, match="is full"):
                attempt()
        (disk / "ballast").unlink()
        store.write(batch("x"))
        assert store.done(["x"]) == {"x": {"p1": {0, 1, 2, 3}}}


def test_a_full_disk_does_not_spoil_compaction(tmp_path, batch):
    with small_disk(tmp_path / "disk", "320k") as disk:
        store = open_store(disk / "store")
        for number in range(12):
            store.write(batch(f"c{number:02d}"))
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        (disk / "filler").write_bytes(b"0" * (free - 8192))
        with pytest.raises(HeldoutError, match="is full"):
            store.compact()
        assert len(open_store(disk / "store").done([f"c{n:02d}" for n in range(12)])) == 12
        (disk / "filler").unlink()
        store.compact()
        assert len(files.listed(disk / "store" / "batches")) == 0
        assert store.query("select count(*) from runs")[1] == [(48,)]


def test_a_read_only_disk_can_be_read_and_says_why_it_is_not_written(tmp_path, batch):
    with small_disk(tmp_path / "disk", "1m") as disk:
        store = open_store(disk / "store")
        for number in range(40):
            store.write(batch(f"c{number}", (0,)))
        store.lock("s", "a")
        (disk / "store" / "batches" / "bad.parquet").write_bytes(b"x")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        store = open_store(disk / "store")
        assert len(store.done([f"c{n}" for n in range(40)])) == 40
        assert len(store.records(["c1"])["value"]) == 4
        assert "passed over" in store.warnings[0]
        assert store.lock("s", "a") == 0
        for attempt in (
            lambda: store.write(batch("x")),
            lambda: store.lock("s", "b"),
            lambda: open_store(disk / "other"),
        ):
            with pytest.raises(HeldoutError, match=r"cannot write to .*Read-only.* make it writable"):
                attempt()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_says_so(tmp_path):
    (tmp_path / "x").mkdir(mode=0o500)
    with pytest.raises(HeldoutError, match="cannot write to"):
        open_store(tmp_path / "x")


def test_stores_merge_by_copying_files(tmp_path, batch):
    one, two = open_store(tmp_path / "1"), open_store(tmp_path / "2")
    for number in range(4):
        one.write(batch(f"c{number}", (0, 1)))
        two.write(batch(f"c{number + 2}", (0, 1, 2, 3) if number else (0, 1), started=2.0))
    two.compact()
    for folder in ("batches", "parts"):
        if (tmp_path / "2" / folder).exists():
            shutil.copytree(tmp_path / "2" / folder, tmp_path / "1" / folder, dirs_exist_ok=True)
    merged = open_store(tmp_path / "1")
    for _ in range(2):
        units = {cell: probes["p1"] for cell, probes in merged.done([f"c{n}" for n in range(6)]).items()}
        assert units == {"c0": {0, 1}, "c1": {0, 1}, "c2": {0, 1}, **{f"c{n}": {0, 1, 2, 3} for n in (3, 4, 5)}}
        assert merged.query("select count(*) from records")[1] == [(sum(map(len, units.values())) * 4,)]
        assert merged.query("select count(*) from runs")[1] == [(sum(map(len, units.values())),)]
        merged.compact()
    assert merged.warnings == ()
