"""A real cluster of two nodes on this machine: the values of a local run, with workers and a node killed on the way."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import pytest

import toys
from heldout.core import HeldoutError
from heldout.runner.cluster import Cluster, _resources, address

pytest.importorskip("ray")
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="workers are pinned, and found, as Linux has them")

STUDY = f"""
import sys
sys.path.insert(0, {str(Path(toys.__file__).parent)!r})
from toys import Search, halves
from heldout.core import Budget, Paper, Study, score
one, two = Search("one", steps=20_000), Search("two", rate=0.2, steps=20_000)
study = Study(
    Paper("twins"), (halves,), (one, two), {{"one": score(halves, one) > score(halves, two)}}, budget=Budget(seeds=12)
)
"""
VALUES = "select cell, seed, split, probe, step, value, n from records order by all"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "twins.py").write_text(STUDY)
    return tmp_path


NODES = """
import os
os.environ["RAY_worker_niceness"] = "0"
from ray.cluster_utils import Cluster
made = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "include_dashboard": False})
nodes = [made.add_node(num_cpus=1) for _ in range(2)]
print("at", made.address, flush=True)
input()
made.remove_node(nodes[0], allow_graceful=False)
print("lost", flush=True)
input()
made.shutdown()
"""
"""A head without cores and two nodes of one core each, in a process of their own: Ray forks, which JAX forbids in this one."""


@pytest.fixture
def cluster():
    """The process of a cluster, which loses a node at the first line that it is sent and ends at the next, and its address."""
    process = subprocess.Popen(
        [sys.executable, "-c", NODES],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    address = next(line.split()[1] for line in process.stdout if line.startswith("at "))
    yield process, address
    everybody = children(process.pid)
    try:
        process.communicate("\n", timeout=20)
    except subprocess.TimeoutExpired:  # its head was killed
        process.kill()
        process.communicate()
    for one in everybody:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)


def run(folder, store, *more):
    command = [sys.executable, "-m", "heldout", "run", "twins.py", "--json", "--no-page", "--store", store, *more]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process):
    out, err = process.communicate(timeout=240)
    assert process.returncode == 0, err
    return json.loads(out)["claims"]


def values(folder, store):
    command = [sys.executable, "-m", "heldout", "sql", VALUES, "--store", store]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout


def workers():
    """The processes at work on a batch, by the name that Ray gives them."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if (place / "cmdline").read_bytes().startswith(b"ray::work"):
                found.append(int(place.name))
        except OSError:
            continue
    return found


def test_a_cluster_that_loses_a_worker_and_a_node_gives_the_values_of_a_local_run(folder, cluster):
    local = finish(run(folder, "local", "--workers", "2"))
    (folder / "far").mkdir()
    for name in ("store.json", "modes"):  # the same mode, however it is timed
        subprocess.run(["cp", "-r", folder / "local" / name, folder / "far"], check=True)
    nodes, where = cluster
    process = run(folder, "far", "--on", f"ray://{where}")
    until = time.monotonic() + 120
    while process.poll() is None and not workers() and time.monotonic() < until:
        time.sleep(0.02)
    for worker in workers()[:1]:
        os.kill(worker, signal.SIGKILL)
    while process.poll() is None and not list((folder / "far").glob("batches/*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    nodes.stdin.write("\n")
    nodes.stdin.flush()
    assert any(line.startswith("lost") for line in nodes.stdout)
    assert finish(process) == local
    assert values(folder, "far") == values(folder, "local")


def test_addresses():
    assert address("ray") is None
    assert address("ray://10.0.0.1:6379") == "10.0.0.1:6379"
    for bad in ("slurm", "ray://", "ray://host", "ray://:7", "http://host:1"):
        with pytest.raises(HeldoutError, match="ray://HOST:PORT"):
            address(bad)


def test_a_cluster_that_is_not_there_is_one_line(folder):
    process = run(folder, "far", "--on", "ray://127.0.0.1:1")
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "no Ray cluster at 127.0.0.1:1" in err
    assert "Traceback" not in err


def test_learners_say_what_they_need():
    class Wide:
        name = "wide"
        resources = {"cpus": 2, "memory": 1e9}  # noqa: RUF012

    assert _resources(Wide()) == {"num_cpus": 2, "memory": 1e9}
    assert _resources(toys.Search("one")) == {"num_cpus": 1}
    Wide.resources = {"tpus": 1}
    with pytest.raises(HeldoutError, match="'tpus'"):
        _resources(Wide())


def test_a_lost_node_of_ones_own_is_one_line():
    def broken(*_, **__):
        raise OSError("Broken pipe")

    made = Cluster("twins.py", "far", "ray")
    made._ray = SimpleNamespace(wait=broken)
    with pytest.raises(HeldoutError, match=r"this machine's Ray node was lost \(Broken pipe\)"):
        next(made._heard({}, print))


def test_a_lost_head_is_one_line_and_the_same_command_goes_on(folder, cluster):
    nodes, where = cluster
    process = run(folder, "far", "--on", f"ray://{where}")
    until = time.monotonic() + 120
    while process.poll() is None and not list((folder / "far").glob("batches/*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    for one in children(nodes.pid):
        if "gcs_server" in (Path("/proc") / str(one) / "cmdline").read_text():
            os.kill(one, signal.SIGKILL)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2, err
    assert "no longer answers: what it finished is in the store" in err.splitlines()[-1]
    kept = json.loads(sql(folder, "far", "select count(*) as n from runs"))[0]["n"]
    assert kept
    command = [sys.executable, "-m", "heldout", "run", "twins.py", "--json", "--no-page", "--store", "far"]
    again = json.loads(subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout)
    assert again["claims"][0]["verdict"] in ("supported", "refuted", "undecided")
    assert json.loads(sql(folder, "far", "select count(*) as n from runs"))[0]["n"] > kept


def test_control_c_stops_the_batches_and_loses_nothing(folder, cluster):
    _, where = cluster
    heeding = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nfrom heldout.cli import main\nmain()"
    )
    command = [sys.executable, "-c", heeding, "run", "twins.py", "--no-page", "--store", "far"]
    command += ["--on", f"ray://{where}"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    until = time.monotonic() + 120
    while process.poll() is None and not list((folder / "far").glob("batches/*.parquet")) and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert err.strip().splitlines()[-1].endswith("kept in far; the same command goes on from there")
    assert "Traceback" not in err
    while workers() and time.monotonic() < until:
        time.sleep(0.1)
    assert not workers()
    finish(run(folder, "far", "--workers", "1"))
    once = "select count(*) - count(distinct (cell, seed)) as twice from runs"
    assert json.loads(sql(folder, "far", once)) == [{"twice": 0}]


def children(pid):
    """The processes that a process has started, at any remove."""
    found = [
        int(c) for t in (Path("/proc") / str(pid) / "task").iterdir() for c in (t / "children").read_text().split()
    ]
    return found + [c for one in found for c in children(one)]


def sql(folder, store, text):
    command = [sys.executable, "-m", "heldout", "sql", text, "--store", store, "--json"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout
