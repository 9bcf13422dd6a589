"""Stores behind an address, with fsspec's own file system of this machine as the far side and two caches as two machines."""

import subprocess
from pathlib import Path

import pytest

from heldout.core import HeldoutError, Verdict
from heldout.store import open_store, remote

pytest.importorskip("fsspec")


@pytest.fixture
def there(tmp_path) -> str:
    return f"local://{tmp_path}/bucket/store"


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """A function that goes to another machine: a cache of its own."""
    return lambda name: monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / name))


def scores(store, cell="c1"):
    return store.records([cell])["value"].tolist()


def test_what_one_machine_writes_another_reads(there, machine, batch, writing):
    machine("one")
    one = open_store(there)
    one.write(batch("c1", (0, 1)))
    assert one.lock("study", "a" * 16) == 0
    machine("two")
    two = open_store(there, create=False)
    assert two.folder != one.folder
    assert scores(two) == [writing.value("c1", seed, split) for seed in (0, 1) for split in range(4)]
    assert two.done(["c1"]) == {"c1": {"p1": {0, 1}}}
    assert two.lock("study", "b" * 16) == 1
    two.write(batch("c1", (2, 3)))
    assert len(scores(one)) == 16
    assert one.lock("study", "b" * 16) == 1
    assert one.where == two.where == there


def test_verdicts_are_those_that_were_kept_last(there, machine, batch):
    verdict = Verdict("c", "a > b", "supported", n=8)
    machine("one")
    one = open_store(there)
    one.write(batch("c1"))
    one.keep_verdicts("study", "a" * 16, [verdict], "abc")
    machine("two")
    open_store(there).keep_verdicts("study", "a" * 16, [verdict, verdict], "abc")
    machine("one")
    assert open_store(there).query("select count(*) from verdicts")[1] == [(2,)]


def test_files_beside_the_batches_are_brought_by_name(there, machine):
    machine("one")
    one = open_store(there)
    path = one.path("weights", "cell", "0.safetensors")
    path.write_bytes(b"weights")
    one.share(path)
    one.share(one.path("checkpoints", "x"))  # stays where it is, so need not even be there
    machine("two")
    two = open_store(there)
    assert two.path("weights", "cell", "0.safetensors").read_bytes() == b"weights"
    assert not two.path("weights", "cell", "1.safetensors").exists()
    two.set_aside(two.path("weights", "cell", "0.safetensors"))
    assert (two.folder / "damaged" / "cell-0.safetensors").read_bytes() == b"weights"
    assert not two.path("weights", "cell", "0.safetensors").exists()


def test_of_two_machines_the_first_says_how_seeds_are_run(there, machine):
    machine("one")
    one = open_store(there)
    machine("two")
    two = open_store(there)
    assert one.remote.first(one.path("modes", "c.txt"), "vmap") == "vmap"
    assert two.remote.first(two.path("modes", "d.txt"), "map") == "map"
    assert two.remote.first(two.folder / "modes" / "c.txt", "map") == "vmap"
    assert two.path("modes", "c.txt").read_text() == "vmap"


def test_a_store_that_was_made_anew_is_another_one(there, machine, batch, tmp_path):
    machine("one")
    open_store(there).write(batch("c1"))
    subprocess.run(["rm", "-r", tmp_path / "bucket"], check=True)
    with pytest.raises(HeldoutError, match="no store at local://"):
        open_store(there, create=False)
    assert scores(open_store(there)) == []
    subprocess.run(["rm", "-r", tmp_path / "bucket"], check=True)
    machine("two")
    open_store(there).write(batch("c2"))
    machine("one")
    again = open_store(there)
    assert scores(again) == []
    assert len(scores(again, "c2")) == 16


def test_what_could_not_be_sent_is_sent_when_the_store_is_opened_again(there, machine, batch, tmp_path, monkeypatch):
    machine("one")
    one = open_store(there)

    def fail(*_, **__):
        raise OSError("no route")

    with monkeypatch.context() as cut:
        cut.setattr(one.remote, "_sent", fail)
        with pytest.raises(HeldoutError, match="does not answer: no route"):
            one.write(batch("c1"))
    assert not (tmp_path / "bucket/store/batches").exists()
    open_store(there)
    machine("two")
    assert len(scores(open_store(there))) == 16


def test_a_file_that_is_damaged_there_is_set_aside_here_and_written_again(there, machine, batch, tmp_path):
    machine("one")
    open_store(there).write(batch("c1"))
    (far,) = (tmp_path / "bucket/store/batches").iterdir()
    far.write_bytes(far.read_bytes()[:-9])
    machine("two")
    two = open_store(there)
    assert scores(two) == []
    assert scores(two) == []
    assert len(two.warnings) == 1
    two.write(batch("c1"))
    machine("three")
    assert len(scores(open_store(there))) == 16


def test_addresses():
    assert remote.address("results") is None
    assert remote.address("C:\\results") is None
    assert remote.address("s3://bucket/a/") == remote.address(Path("s3://bucket/a")) == "s3://bucket/a"
    assert remote.address("local:///tmp/x") == "local:///tmp/x"
    for place, said in (
        ("file:///tmp/x", "give /tmp/x in place"),
        ("sftp://me:secret@host/x", "leave names and passwords out"),
    ):
        with pytest.raises(HeldoutError, match=said) as caught:
            remote.address(place)
        assert "secret" not in str(caught.value)
    with pytest.raises(HeldoutError, match="no such scheme"):
        open_store("nowhere://x")
    with pytest.raises(HeldoutError, match="needs a package"):
        open_store("oss://bucket/x")
