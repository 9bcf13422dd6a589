import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from heldout.store import compaction, files, open_store

TABLES = ("specs", "runs", "records", "items")
LOOP = """
import sys, time
from heldout.store import open_store
store = open_store(sys.argv[1])
print("open", flush=True)
while True:
    store.compact()
"""


def everything(store):
    return {table: sorted(map(repr, store.query(f"from {table}")[1])) for table in TABLES}


def loose(folder):
    return len(files.listed(folder / "batches"))


def parts(folder):
    return len(files.listed(folder / "parts"))


@pytest.fixture
def filled(folder, batch):
    store = open_store(folder)
    for number in range(6):
        store.write(batch(f"c{number}", (0, 1), ("p1", "p2"), items=number))
    return store


def test_compaction_changes_no_answer(folder, filled):
    cells = [f"c{n}" for n in range(6)]
    before, done = everything(filled), filled.done(cells)
    items = filled.items(cells)
    filled.compact()
    assert (loose(folder), parts(folder)) == (0, 1)
    for store in (filled, open_store(folder)):
        assert everything(store) == before
        assert store.done(cells) == done
        for name, column in store.items(cells).items():
            np.testing.assert_array_equal(column, items[name])


def test_it_is_idempotent(folder, filled):
    filled.compact()
    before = [p.name for p in (folder / "parts").iterdir()]
    filled.compact()
    assert [p.name for p in (folder / "parts").iterdir()] == before


def test_it_happens_by_itself_and_parts_grow(folder, batch, monkeypatch):
    monkeypatch.setattr(compaction, "LOOSE", 4)
    monkeypatch.setattr(compaction, "FULL", 20)
    store = open_store(folder)
    for number in range(60):
        store.write(batch(f"c{number:02d}", (0,)))
        assert loose(folder) <= 4
    assert parts(folder) <= 6
    assert len(store.done([f"c{n:02d}" for n in range(60)])) == 60
    assert store.query("select count(*), count(distinct batch) from runs")[1] == [(60, 60)]


def test_a_crash_before_the_old_files_are_removed_leaves_nothing_twice(folder, filled, tmp_path):
    before = everything(filled)
    shutil.copytree(folder / "batches", tmp_path / "kept", copy_function=shutil.copy2)
    filled.compact()
    shutil.copytree(tmp_path / "kept", folder / "batches", dirs_exist_ok=True, copy_function=shutil.copy2)
    store = open_store(folder)
    assert everything(store) == before
    store.compact()
    assert loose(folder) == 0
    assert everything(open_store(folder)) == before


def test_a_batch_run_anew_outlives_its_part(folder, filled, batch):
    filled.compact()
    filled.write(batch("c3", (0, 1), ("p1", "p2"), started=7.0))
    for _ in range(2):
        assert set(filled.runs(["c3"])["started"]) == {7.0}
        assert filled.query("select count(*) from runs where cell = 'c3'")[1] == [(2,)]
        filled.compact()
    assert (loose(folder), parts(folder)) == (0, 1)


def test_units_that_two_batches_share_count_once(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (4, 5), ("p1",), started=1.0))
    store.write(batch("c1", (4, 5, 6, 7), ("p1", "p2"), started=2.0))
    store.write(batch("c1", (6,), ("p2",), started=3.0))
    for _ in range(2):
        rows = store.query("select seed, count(*), count(distinct split) from records group by all order by seed")[1]
        assert rows == [(seed, 8, 4) for seed in (4, 5, 6, 7)]
        assert store.runs(["c1"])["seed"].tolist().count(5) == 1
        store.compact()
    assert store.done(["c1"]) == {"c1": {"p1": {4, 5, 6, 7}, "p2": {4, 5, 6, 7}}}


def test_large_files_stay_as_they_are(folder, filled, batch, monkeypatch):
    monkeypatch.setattr(compaction, "LARGE", 1)
    filled.compact()
    assert (loose(folder), parts(folder)) == (6, 0)


def test_only_one_process_compacts(folder, filled):
    with files.locked(folder / files.COMPACTING):
        filled.compact()
    assert (loose(folder), parts(folder)) == (6, 0)


def test_a_damaged_file_is_not_sealed_into_a_part(folder, filled):
    path = next((folder / "batches").iterdir())
    path.write_bytes(path.read_bytes()[:-100])
    filled.compact()
    assert (loose(folder), parts(folder)) == (0, 1)
    assert path.name in filled.warnings[0]
    assert filled.query("select count(distinct cell) from records")[1] == [(5,)]


def test_writers_and_compactors_do_not_disturb_each_other(folder, writing):
    """Two processes write the same batches, two compact without pause, one reads: nothing is lost, nothing is there twice."""
    store = open_store(folder)
    script = str(Path(writing.__file__))
    compactors = [subprocess.Popen([sys.executable, "-c", LOOP, str(folder)], stdout=subprocess.PIPE) for _ in range(2)]
    writers = [
        subprocess.Popen(
            [sys.executable, script, str(folder), "w", "40"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    seen = 0
    while any(w.poll() is None for w in writers):
        records = store.records([f"w{n:04d}" for n in range(40)])
        keys = set(zip(records["cell"], records["seed"], records["split"], strict=True))
        assert len(keys) == len(records["value"])
        assert len(keys) >= seen
        seen = len(keys)
    assert [w.communicate()[1] for w in writers] == [b"", b""]
    assert [c.poll() for c in compactors] == [None, None]
    for one in compactors:
        one.kill()
        one.communicate()
    store = open_store(folder)
    assert len(store.done([f"w{n:04d}" for n in range(40)])) == 40
    assert store.query("select count(*) from runs")[1] == [(160,)]
    assert store.query("select count(*) from records")[1] == [(160 * 4,)]
    assert store.query("select count(*) from items")[1] == [(8 * 4 * 4 * 3,)]
    assert store.warnings == ()


def test_compaction_may_be_killed_at_any_moment(folder, batch):
    store = open_store(folder)
    draw, number = random.Random(0), 0  # noqa: S311
    for _ in range(6):
        for _ in range(8):
            store.write(batch(f"c{number:02d}", (0, 1)))
            number += 1
        process = subprocess.Popen([sys.executable, "-c", LOOP, str(folder)], stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.06))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert store.query("select count(*), count(distinct cell) from runs")[1] == [(2 * number, number)]
        assert len(store.done([f"c{n:02d}" for n in range(number)])) == number
    store.compact()
    assert open_store(folder).query("select count(*), count(distinct cell) from records")[1] == [(8 * number, number)]
    assert store.warnings == ()
