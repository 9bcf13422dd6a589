"""What faults cost: runs that are killed, and a store of very many files.

    python benchmarks/faults.py kills [N] [SEED] [STUDY ...]   kill -9 at N random moments of three studies, resumed each time
    python benchmarks/faults.py files FOLDER [N]               N files of a batch each: what commands take before and after

Prints one line of JSON; exits with 1 where a value differs from an undisturbed run. `tests/test_faults.py` runs the loop
with a few kills.
"""

import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from heldout.store import open_store, parquet, seal

TESTS = Path(__file__).resolve().parent.parent / "tests"

STUDY = f"""
import sys
sys.path[:0] = [{str(TESTS)!r}, {str(TESTS / "runner")!r}]
import time
from dataclasses import dataclass
from made import Onwards
from toys import Adder, Search, Sums, halves
from heldout.core import Budget, Paper, Study, Trained, score
from heldout.runner import checkpoint

checkpoint.EVERY = 0.05

@dataclass(frozen=True)
class Slow(Adder):
    def model(self, task, state):
        answer = super().model(task, state)
        return lambda prompt: (time.sleep(0.002), answer(prompt))[1]

slow, sums = Slow(), Sums()
asked = Study(Paper("asked"), (sums,), (slow,), {{"it adds": score(sums, slow) > 0.97}}, budget=Budget(items=400, minutes=1000))
one, two = Search("one", steps=20_000), Search("two", rate=0.2, steps=20_000)
twins = Study(
    Paper("twins"), (halves,), (one, two), {{"one": score(halves, one) > score(halves, two)}}, budget=Budget(seeds=12, minutes=1000)
)
first = Search("first", steps=20_000)
onwards = Onwards(rate=0.01, steps=20_000, initial=Trained(None, first))
claims = {{"on": score(halves, onwards) > score(halves, first)}}
chain = Study(Paper("chain"), (halves,), (first, onwards), claims, budget=Budget(seeds=8, minutes=1000))
"""
WORKERS = {"twins": 2, "asked": 1, "chain": 1}
"""Seeds trained together by two processes; items of what never trains; a training that goes on from kept weights, with
checkpoints."""

VALUES = (
    "select cell, seed, split, probe, step, value, censored, n from records order by all",
    "select cell, seed, split, item, value, status, answer from items order by all",
)


@dataclass
class Bench:
    """A folder with the studies, the values of an undisturbed run of each, and what was done to the others."""

    folder: Path
    draw: random.Random
    seconds: dict[str, float] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "faulted.py").write_text(STUDY)

    def start(self, study: str, store: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "heldout", "run", f"faulted.py:{study}", "--json", "--no-page"]
        command += ["--store", store, "--workers", str(WORKERS[study])]
        out = subprocess.PIPE
        return subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=out, text=True, start_new_session=True)

    def undisturbed(self, study: str) -> None:
        begun = time.monotonic()
        finish(self.start(study, f"whole-{study}"))
        self.seconds[study] = time.monotonic() - begun
        self.values[study] = values(self.folder / f"whole-{study}")

    def begin(self, study: str, store: str) -> None:
        """An empty store with the modes of the undisturbed run: a mode is chosen by timing, once per store."""
        shutil.rmtree(self.folder / store, ignore_errors=True)
        open_store(self.folder / store)
        if (self.folder / f"whole-{study}" / "modes").exists():
            shutil.copytree(self.folder / f"whole-{study}" / "modes", self.folder / store / "modes")

    def killed(self, study: str, kills: int) -> dict[str, Any]:
        """Run a study over and over, killed so many times, and compare all that it leaves with the undisturbed run."""
        store, left = f"killed-{study}", kills
        found: dict[str, Any] = {"kills": 0, "finished": 0, "different": 0, "batches_lost": 0, "warnings": 0}
        self.begin(study, store)
        while True:
            before = done(self.folder / store)
            process = self.start(study, store)
            left -= self.disturb(process, found, left, self.seconds[study])
            whole = open_store(self.folder / store)
            found["batches_lost"] += len(before - done(self.folder / store))
            found["different"] += not_in(values(self.folder / store), self.values[study])
            found["warnings"] += len(whole.warnings)
            print(study, found, file=sys.stderr, flush=True)
            if process.returncode == 0:
                found["finished"] += 1
                found["different"] += values(self.folder / store) != self.values[study]
                if not left:
                    return found
                self.begin(study, store)

    def disturb(self, process: "subprocess.Popen[str]", found: dict[str, Any], left: int, length: float) -> int:
        """Kill a run, its parent alone or one of its workers at a random moment, where kills are left; how many were made."""
        made = 0
        while made < left:
            try:
                process.wait(self.draw.uniform(0.0, length))
                break
            except subprocess.TimeoutExpired:
                made += 1
                found["kills"] += 1
            form = self.draw.choice(("all", "parent", "worker"))
            those = workers(process) if form == "worker" else []
            if those:
                os.kill(self.draw.choice(those), signal.SIGKILL)
                continue
            os.kill(process.pid, signal.SIGKILL) if form == "parent" else os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            return made
        out, err = process.communicate()
        if process.returncode:
            raise SystemExit(f"a run that was not killed failed: {out}{err}")
        return made


def finish(process: "subprocess.Popen[str]") -> dict[str, Any]:
    out, err = process.communicate()
    if process.returncode:
        raise SystemExit(err)
    return json.loads(out)


def workers(process: "subprocess.Popen[str]") -> list[int]:
    """The processes that a run has spawned, but for the one that tracks their resources."""
    try:
        children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        return [int(c) for c in children if b"spawn_main" in Path(f"/proc/{c}/cmdline").read_bytes()]
    except OSError:
        return []


def values(store: Path) -> list[Any]:
    return [open_store(store).query(sql)[1] for sql in VALUES]


def not_in(some: list[Any], whole: list[Any]) -> int:
    """How many rows of an unfinished run are not those of the whole one."""
    return sum(len(set(map(repr, a)) - set(map(repr, b))) for a, b in zip(some, whole, strict=True))


def done(store: Path) -> set[Any]:
    return set(open_store(store).query("select distinct cell, seed from runs")[1])


def kills(count: int = 50, seed: int = 0, studies: tuple[str, ...] = tuple(WORKERS)) -> dict[str, Any]:
    """What `count` kills, spread over the studies, have changed: nothing, it is hoped."""
    with tempfile.TemporaryDirectory() as place:
        bench, found = Bench(Path(place), random.Random(seed)), {}  # noqa: S311
        for index, study in enumerate(studies):
            bench.undisturbed(study)
            found[study] = bench.killed(study, count // len(studies) + (index < count % len(studies)))
        return found


def loose(folder: Path, count: int) -> None:
    """Many batches in a file each: one file, uncompressed, with other cells written over its own, sealed anew."""
    from store_speed import batch, name

    store, own = open_store(folder), parquet.copy
    place, first = folder / "batches", name(0)

    def plain(connection: Any, select: str, path: Path, batches: str, **_: Any) -> bool:
        options = "FORMAT parquet, COMPRESSION uncompressed, WRITE_BLOOM_FILTER false, KV_METADATA {heldout: $2}"
        connection.execute(f"COPY ({select}) TO $1 ({options})", [str(path), seal.unsealed(batches)]).fetchall()
        return True

    parquet.copy = plain
    store.write(batch(first, (0, 1, 2, 3)))
    parquet.copy = own
    (made,) = place.glob("*.parquet")
    data = made.read_bytes()
    made.unlink()
    for number in range(count):
        path = place / f"{name(number)}-0-3-abcdef.parquet"
        path.write_bytes(data.replace(first.encode(), name(number).encode()))
        seal.close(path)


def files(folder: Path, count: int = 100_000) -> dict[str, Any]:
    """Wall-clock and CPU seconds of each command; the first that reads the store brings the files together."""
    loose(folder, count)
    toys = str(TESTS / "toys.py")
    commands = {
        "list": ("list",),
        "sql, first": ("sql", "select count(*) from records", "--store", str(folder)),
        "sql": ("sql", "select count(*), avg(value) from records", "--store", str(folder)),
        "report": ("report", toys, "--store", str(folder)),
        "run": ("run", toys, "--store", str(folder), "--no-page", "--workers", "1"),
        "run, finished": ("run", toys, "--store", str(folder), "--no-page", "--workers", "1"),
        "compact": ("compact", str(folder)),
    }
    found: dict[str, Any] = {"files": count}
    for what, command in commands.items():
        wall, cpu = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "heldout", *command], check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        used = after.ru_utime + after.ru_stime - cpu.ru_utime - cpu.ru_stime
        found[what] = {"wall": round(time.monotonic() - wall, 2), "cpu": round(used, 2)}
    return found | {"files after": len(list(folder.glob("*/*.parquet")))}


if __name__ == "__main__":
    verb, *rest = sys.argv[1:]
    if verb == "kills":
        report = kills(*map(int, rest[:2]), *([tuple(rest[2:])] if rest[2:] else []))
        print(json.dumps(report))
        sys.exit(any(one["different"] or one["batches_lost"] or one["warnings"] for one in report.values()))
    print(json.dumps(files(Path(rest[0]), int(rest[1]) if len(rest) > 1 else 100_000)))
