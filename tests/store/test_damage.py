import os
import shutil

import duckdb
import pytest

from heldout.store import open_store, seal


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 4
    path.write_bytes(data)


def swap_for_other_columns(path):
    """A whole file with a valid seal that holds something else: no damage by chance looks so."""
    contents = '[["c1-0-3-p1","c1",1.0,"vmap",4,["p1"],[0,1,2,3]]]'
    sql = "COPY (SELECT 1 AS a) TO $1 (FORMAT parquet, KV_METADATA {heldout: $2})"
    duckdb.connect().execute(sql, [str(path), seal.unsealed(contents)])
    seal.close(path)


KINDS = {
    "truncated": lambda path: os.truncate(path, path.stat().st_size // 2),
    "bit flipped": flip,
    "not Parquet": lambda path: path.write_text("cell,value\n" * 500),
    "empty": lambda path: path.write_bytes(b""),
    "zeroed": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "other columns": swap_for_other_columns,
}


@pytest.mark.parametrize("damage", KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("place", ["batches", "parts"])
def test_a_damaged_file_is_named_and_set_aside_and_its_cells_run_again(folder, batch, damage, place):
    store = open_store(folder)
    store.write(batch("c1"))
    if place == "parts":
        store.write(batch("c1", (4, 5)))
        store.compact()
    store.write(batch("c2"))
    path = next((folder / place).glob("c1*" if place == "batches" else "*"))
    damage(path)
    store = open_store(folder)
    assert set(store.records(["c1", "c2"])["cell"]) == {"c2"}
    assert store.done(["c1", "c2"]) == {"c2": {"p1": {0, 1, 2, 3}}}
    (warning,) = store.warnings
    assert path.name in warning
    assert "set aside as damaged/" in warning
    assert "\n" not in warning
    assert not path.exists()
    assert (folder / "damaged" / path.name).exists()
    store.write(batch("c1"))
    assert set(store.records(["c1", "c2"])["cell"]) == {"c1", "c2"}
    assert open_store(folder).warnings == ()


def test_damage_is_noticed_by_a_store_that_is_open(folder, batch):
    store = open_store(folder)
    store.write(batch("c1"))
    assert store.done(["c1"])
    flip(folder / "batches" / "c1-0-3-p1.parquet")
    assert store.done(["c1"]) == {}
    assert len(store.warnings) == 1


def test_a_file_that_rotted_after_it_was_checked_is_set_aside_when_duckdb_stumbles(folder, batch):
    store = open_store(folder)
    store.write(batch("c1"))
    store.write(batch("c2"))
    path = folder / "batches" / "c1-0-3-p1.parquet"
    store.done(["c1"])
    status = path.stat()
    data = path.read_bytes()
    path.write_bytes(bytes(len(data) - 8) + data[-8:])
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert set(store.records(["c1", "c2"])["cell"]) == {"c2"}
    assert len(store.warnings) == 1
    assert store.query("select count(*) from runs")[1] == [(4,)]


def test_two_damaged_files_of_one_name_are_both_kept(folder, batch):
    for _ in range(2):
        store = open_store(folder)
        store.write(batch("c1"))
        flip(folder / "batches" / "c1-0-3-p1.parquet")
        assert store.done(["c1"]) == {}
    assert sorted(p.name for p in (folder / "damaged").iterdir()) == ["c1-0-3-p1-1.parquet", "c1-0-3-p1.parquet"]


def test_damaged_verdicts_are_set_aside(folder, batch):
    from heldout.core import Verdict

    store = open_store(folder)
    store.write(batch("c1"))
    store.keep_verdicts("s", "a", [Verdict("c", "a > b", "supported")], "abc")
    flip(folder / "verdicts" / "s-a.parquet")
    store = open_store(folder)
    assert store.query("from verdicts")[1] == []
    assert "verdicts/s-a.parquet" in store.warnings[0]


def test_what_is_left_of_a_store_is_a_store(folder, batch):
    store = open_store(folder)
    store.write(batch("c1"))
    shutil.rmtree(folder / "batches")
    assert open_store(folder).done(["c1"]) == {}
    open_store(folder).write(batch("c1"))
    assert open_store(folder).done(["c1"])
