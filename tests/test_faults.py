"""Whole runs that are killed, doubled, damaged and left without room: nothing is lost, and nothing comes out differently."""

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from heldout.cli.group import status

_SPEC = importlib.util.spec_from_file_location(
    "heldout_faults", Path(__file__).parent.parent / "benchmarks" / "faults.py"
)
faults = importlib.util.module_from_spec(_SPEC)
sys.modules["heldout_faults"] = faults
_SPEC.loader.exec_module(faults)

VALUES = "select cell, seed, split, probe, step, value, n from records order by all"
ITEMS = "select cell, split, item, value from items order by all"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "faulted.py").write_text(faults.STUDY)
    return tmp_path


def start(folder, study, store, workers):
    command = [sys.executable, "-m", "heldout", "run", study, "--json", "--no-page"]
    command += ["--store", store, "--workers", str(workers)]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )


def finish(process):
    out, err = process.communicate()
    assert process.returncode == 0, err
    return json.loads(out)


def told(result):
    return [(c["name"], c["verdict"], c["n"], c["estimate"], c["low"], c["high"]) for c in result["claims"]]


def rows(folder, store, sql):
    command = [sys.executable, "-m", "heldout", "sql", sql, "--store", store]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def batches(folder, store):
    return sorted((folder / store).glob("batches/*.parquet"))


def wait_for(process, happened):
    while process.poll() is None and not happened():
        time.sleep(0.02)


@pytest.mark.parametrize("study", ["asked", "chain"])
def test_a_run_killed_at_a_random_moment_ends_as_if_it_never_was(study):
    """`python benchmarks/faults.py kills 50` is the long version, with `twins` too."""
    assert faults.kills(1, 3, (study,)) == {
        study: {"kills": 1, "finished": 1, "different": 0, "batches_lost": 0, "warnings": 0}
    }


@pytest.mark.skipif(
    not hasattr(os, "sched_setaffinity") or not Path("/proc/self/task").exists(), reason="workers are found in /proc"
)
def test_killed_workers_and_parents_change_no_value(folder):
    """A worker killed in mid-batch is replaced within the run; a parent killed with its workers at work is resumed."""
    base = finish(start(folder, "faulted.py:twins", "whole", 2))
    (folder / "killed" / "batches").mkdir(parents=True)
    shutil.copy(folder / "whole" / "store.json", folder / "killed")
    shutil.copytree(folder / "whole" / "modes", folder / "killed" / "modes")  # the same mode, however it is timed
    first = start(folder, "faulted.py:twins", "killed", 2)
    wait_for(first, lambda: len(batches(folder, "killed")) > 0)
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    second = start(folder, "faulted.py:twins", "killed", 2)
    wait_for(second, lambda: len(faults.workers(second)) == 2)
    time.sleep(0.5)
    for worker in faults.workers(second)[:1]:
        os.kill(worker, signal.SIGKILL)
    assert told(finish(second)) == told(base)
    assert rows(folder, "killed", VALUES) == rows(folder, "whole", VALUES)


def test_two_runs_on_one_store_do_not_disturb_each_other_and_damage_is_mended(folder):
    both = [start(folder, "faulted.py:asked", "shared", 1) for _ in range(2)]
    first, second = (finish(process) for process in both)
    assert told(first) == told(second)
    before = rows(folder, "shared", ITEMS)
    assert rows(folder, "shared", "select count(*) - count(distinct (split, item)) as twice from items") == "twice\n0\n"

    spoilt = batches(folder, "shared")[0]
    content = bytearray(spoilt.read_bytes())
    content[len(content) // 3] ^= 0xFF
    spoilt.write_bytes(content)
    again = start(folder, "faulted.py:asked", "shared", 1)
    out, err = again.communicate()
    assert again.returncode == 0, err
    assert json.loads(out)["cells_run"] == 1
    assert told(json.loads(out)) == told(first)
    assert spoilt.name in out + err, "the damaged file is named"
    assert (folder / "shared" / "damaged" / spoilt.name).exists()
    assert rows(folder, "shared", ITEMS) == before


@contextmanager
def small_disk(place, size):
    """A real file system of that size, or a skipped test."""
    place.mkdir()
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("mounting a small disk needs root")
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting is not permitted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_fills_in_mid_run_stops_it_with_one_line_and_the_rest_runs_when_there_is_room(folder):
    with small_disk(folder / "disk", "48k") as disk:
        full = start(folder, "faulted.py:asked", "disk/store", 1)
        out, err = full.communicate()
        assert full.returncode == 2, err
        assert out == ""
        last = err.strip().splitlines()[-1]
        assert "is full: free some space and run again; what was finished is kept" in last
        assert "Traceback" not in err
        kept = batches(folder, "disk/store")
        assert kept
        subprocess.run(["mount", "-o", "remount,size=8m", str(disk)], check=True)
        before = {path: path.stat().st_mtime_ns for path in kept}
        result = finish(start(folder, "faulted.py:asked", "disk/store", 1))
        assert result["claims"][0]["verdict"] in ("supported", "undecided")
        assert {path: path.stat().st_mtime_ns for path in kept} == before


def test_a_read_only_store_is_read_and_what_would_write_says_why_not(folder, capsys, monkeypatch):
    monkeypatch.chdir(folder)
    with small_disk(folder / "disk", "8m") as disk:
        run = ("run", "faulted.py:asked", "--store", "disk/store", "--workers", "1", "--no-page", "--json")
        assert status(run) == 0
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        capsys.readouterr()
        for read in (
            ("report", "faulted.py:asked"),
            ("sql", "select count(*) from items"),
            ("plan", "faulted.py:asked"),
        ):
            assert status([*read, "--store", "disk/store", "--json"]) == 0
            assert json.loads(capsys.readouterr().out)
        for write in (run, ("compact", "disk/store")):
            assert status(write) == 2
            printed = capsys.readouterr()
            assert printed.out == ""
            assert "Read-only file system): make it writable" in printed.err.strip().splitlines()[-1]
