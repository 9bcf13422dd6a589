"""Which run counts must not hang on the clock: it may be set back between two of them."""

import time

import pytest

from heldout.store import open_store


def began(store, cell="c1"):
    return set(store.runs([cell])["started"].tolist())


@pytest.mark.parametrize("compacted", [False, True])
@pytest.mark.parametrize("reopened", [False, True])
def test_a_run_made_after_the_clock_was_set_back_counts_over_the_older_one(folder, batch, compacted, reopened):
    store = open_store(folder)
    store.write(batch("c1", started=2e9))
    store.write(batch("c1", (4, 5), started=2e9))
    if compacted:
        store.compact()
    if reopened:
        store = open_store(folder)
    again = batch("c1", started=1e9)
    again.records["value"] = [9.0] * len(again.records["value"])
    store.write(again)
    for _ in range(2):
        found = open_store(folder).records(["c1"])
        assert set(found["value"][found["seed"] < 4]) == {9.0}
        store.compact()


def test_one_that_shares_units_with_others_counts_over_them_too(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1), started=2e9))
    later = batch("c1", (0, 1, 2, 3), ("p1", "p2"), started=1e9)
    later.records["value"] = [9.0] * len(later.records["value"])
    store.write(later)
    store.compact()
    assert set(open_store(folder).records(["c1"])["value"]) == {9.0}


def test_starts_stay_what_they_were_where_nothing_is_replaced(folder, batch):
    store = open_store(folder)
    store.write(batch("c1", (0, 1), started=2e9))
    store.write(batch("c1", (2, 3), started=1e9))
    store.write(batch("c2", (0, 1), started=1e9))
    assert began(store) == {2e9, 1e9}
    assert began(store, "c2") == {1e9}


def test_a_store_that_follows_another_is_later_than_it(tmp_path, batch):
    one, two = open_store(tmp_path / "1"), open_store(tmp_path / "2")
    one.write(batch("c1", started=2e9))
    one.compact()
    two.follow(one)
    again = batch("c1", started=1e9)
    again.records["value"] = [9.0] * len(again.records["value"])
    open_store(tmp_path / "2").write(again)
    name = f"{again.batch}.parquet"
    (tmp_path / "2" / "batches" / name).rename(tmp_path / "1" / "batches" / name)
    assert set(open_store(tmp_path / "1").records(["c1"])["value"]) == {9.0}
    (tmp_path / "2" / "after.txt").write_text("soon")
    assert open_store(tmp_path / "2").done(["c1"]) == {}


def test_a_clock_that_leaps_takes_nothing_from_a_writer(folder, batch, monkeypatch):
    """An unfinished file of another machine looks abandoned when the clock leaps; whoever wrote it writes it again."""
    from heldout.store import parquet

    store, published = open_store(folder), []
    publish = parquet.files.publish

    def swept(made, path):
        if not published:
            made.unlink()
        published.append(made.name)
        publish(made, path)

    monkeypatch.setattr(parquet.files, "publish", swept)
    store.write(batch("c1"))
    assert len(set(published)) == 2
    assert open_store(folder).done(["c1"]) == {"c1": {"p1": {0, 1, 2, 3}}}
    assert [p.name for p in (folder / "batches").iterdir()] == ["c1-0-3-p1.parquet"]


def test_no_answer_hangs_on_the_clock(folder, batch, monkeypatch):
    """Written, read and compacted under a clock that runs backwards by a day a call."""
    clock = iter(range(2_000_000_000, 0, -86_400))
    monkeypatch.setattr(time, "time", lambda: float(next(clock)))
    store = open_store(folder)
    for turn in range(40):
        made = batch(f"c{turn % 8}", (0, 1), started=time.time())
        made.records["value"] = [float(turn)] * len(made.records["value"])
        store.write(made)
        store.lock("study", f"a{turn}")
    assert store.lock("study", "b") == 40
    for _ in range(2):
        for cell in range(8):
            assert set(open_store(folder).records([f"c{cell}"])["value"]) == {32.0 + cell}
        store.compact()
    assert store.warnings == ()
