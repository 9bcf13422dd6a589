"""Stores in odd places, opened by many at once, behind connections that break."""

import subprocess
import sys
from unittest import mock

import pytest

from heldout.core import HeldoutError
from heldout.store import compaction, open_store


@pytest.mark.parametrize("place", ["seed=7", "level=high", "value=1", "cell=other", "a*b", "what?", "exp[1]"])
def test_the_folders_above_a_store_say_nothing_of_what_is_in_it(tmp_path, place, batch):
    for twin in ("axb", "whatz", "exp1"):
        other = batch("c1")
        other.records["value"] = [9.0] * 16
        open_store(tmp_path / twin / "st").write(other)
    store = open_store(tmp_path / place / "st")
    store.write(batch("c1"))
    for _ in range(2):
        found = store.records(["c1"])
        assert sorted(set(found["seed"].tolist())) == [0, 1, 2, 3]
        assert len(found["value"]) == 16
        assert len(set(found["value"].tolist())) > 1
        assert set(found["level"][found["axis"] != ""]) == {40.0, 80.0}
        assert store.query("select count(*) from records where cell = 'c1'")[1] == [(16,)]
        store.write(batch("c2"))
        store.compact()


@pytest.fixture
def flaky(tmp_path, monkeypatch):
    """A file system whose connection breaks when told to, and an address in it."""
    import fsspec
    from fsspec.implementations.local import LocalFileSystem
    from fsspec.spec import AbstractFileSystem

    class Flaky(LocalFileSystem):
        protocol, cachable, infos, lists = "sftp", False, 0, False
        exists = AbstractFileSystem.exists

        def info(self, path, **more):
            if Flaky.infos:
                Flaky.infos -= 1
                raise OSError("Socket is closed")
            return super().info(path, **more)

        def ls(self, path, detail=False, **more):
            if Flaky.lists:
                raise OSError("Socket is closed")
            return super().ls(path, detail=detail, **more)

        @classmethod
        def _strip_protocol(cls, path):
            return LocalFileSystem._strip_protocol("/" + str(path).replace("sftp://", "").lstrip("/"))

    fsspec.register_implementation("sftp", Flaky, clobber=True)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Flaky, f"sftp:/{tmp_path}/bucket/st"


def test_a_connection_that_breaks_at_opening_takes_nothing_from_the_mirror(flaky, monkeypatch, batch):
    system, there = flaky
    one = open_store(there)
    monkeypatch.setattr(one.remote, "_sent", mock.Mock(side_effect=OSError("no route")))
    with pytest.raises(HeldoutError):
        one.write(batch("c1"))
    system.infos = 1
    try:
        open_store(there)
    except HeldoutError as error:
        assert "does not answer" in str(error)  # noqa: PT017 - it may also get through
    system.infos = 0
    assert open_store(there).done(["c1"])


def test_a_listing_that_fails_is_no_empty_store(flaky, tmp_path, monkeypatch, batch):
    system, there = flaky
    open_store(there).write(batch("c1"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "other"))
    system.lists = True
    with pytest.raises(HeldoutError, match="does not answer"):
        open_store(there).done(["c1"])


OPENS = """
import sys
from heldout.store import open_store
print("ready", flush=True)
sys.stdin.readline()
for _ in range(50):
    open_store(sys.argv[1])
"""


def test_many_workers_open_one_mirror_at_once(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    there = f"local://{tmp_path}/b/st"
    open_store(there)
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    each = [subprocess.Popen([sys.executable, "-c", OPENS, there], **pipes, text=True) for _ in range(4)]
    assert {process.stdout.readline() for process in each} == {"ready\n"}
    for process in each:
        process.stdin.write("go\n")
        process.stdin.flush()
    assert [process.communicate(timeout=120)[1] for process in each] == [""] * 4


def test_a_batch_written_anew_while_others_are_brought_together(tmp_path, monkeypatch, batch):
    monkeypatch.setattr(compaction, "FULL", 8)
    store, other = open_store(tmp_path / "st"), open_store(tmp_path / "st")
    other._compacting = False
    for i in range(3):
        store.write(batch(f"a{i}"))
    store.compact()
    for i in range(12):
        store.write(batch(f"b{i:02d}"))
    fold, calls = compaction._fold, []
    monkeypatch.setattr(compaction, "FULL", 10)
    monkeypatch.setattr(compaction, "_portions", lambda loose: iter([loose[:6], loose[6:]]))

    def meanwhile(*given):
        calls.append(1)
        if len(calls) == 1:
            other.write(batch("b11", items=3, started=3.0))
        return fold(*given)

    monkeypatch.setattr(compaction, "_fold", meanwhile)
    store.compact()
    assert len(store.items(["b11"])["value"]) == 48


def test_records_after_a_compaction_that_failed(tmp_path, monkeypatch, batch):
    store = open_store(tmp_path / "st")
    for i in range(8):
        store.write(batch(f"a{i}"))
    assert len(store.records(["a7"])["value"]) == 16
    monkeypatch.setattr(compaction, "FULL", 4)
    with (
        mock.patch.object(compaction.parquet, "copy", side_effect=HeldoutError("full")),
        pytest.raises(HeldoutError),
    ):
        store.compact()
    assert len(store.records(["a7"])["value"]) == 16
