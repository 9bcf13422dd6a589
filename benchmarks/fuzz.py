"""Hostile input, for as long as one likes: importers, tables, claims as text, requests to the live site, answers of commands.

    python benchmarks/fuzz.py TARGET [--minutes 10] [--engine hypothesis|atheris] [--seed N]

TARGET: importers, tables, claims, web, command, or all (each for that long). What must hold of every input: a value, or a
`HeldoutError` of one line, within `SECONDS`, and never more than `MEGABYTES` more memory than before. The first input that
breaks this is printed and the exit code is 1. `--engine atheris` (`pip install atheris`, which has wheels for Linux and Python
3.11 to 3.14, in an environment of its own with `heldout[lab,view]`, hypothesis and httpx2) looks for inputs that reach new
lines of heldout; Hypothesis makes what it finds smaller. The tests run a few examples of the same targets (`tests/fuzz`).
"""

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.database import ExampleDatabase, InMemoryExampleDatabase
from spoilt import SCALARS, TEXTS, VALUES, dumped, spoilt_bytes, spoilt_logs, spoilt_tables

SECONDS, MEGABYTES, LATE = 20, 1024, 10
"""What one input may take: seconds of processor time, or `LATE` times as many on the clock; and memory."""


LONGEST = 8192
"""Bytes that Hypothesis makes an example of at most."""


class Hang(BaseException):
    """An input took too long; no handler of the code under test may swallow it."""


# ---- what must hold


@contextmanager
def bounded() -> Iterator[None]:
    """A value or a one-line HeldoutError, in time and within memory."""
    from heldout.core.errors import HeldoutError

    def late(*_: object) -> None:
        raise Hang(f"more than {SECONDS} s")

    clocks = {signal.ITIMER_PROF: signal.SIGPROF, signal.ITIMER_REAL: signal.SIGALRM}
    before, kept = peak(), {number: signal.signal(number, late) for number in clocks.values()}
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    signal.setitimer(signal.ITIMER_REAL, LATE * SECONDS)
    try:
        yield
    except HeldoutError as error:
        text = str(error)
        assert text.strip(), "an error without words"
        assert "\n" not in text, f"more than one line: {text!r}"
        assert "Traceback (most recent" not in text
        assert len(text) < 2000, f"an error of {len(text)} characters"
    finally:
        for clock, number in clocks.items():
            signal.setitimer(clock, 0)
            signal.signal(number, kept[number] or signal.SIG_DFL)
    assert peak() - before < MEGABYTES, f"{peak() - before:.0f} MB"


def peak() -> float:
    """The most megabytes that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@cache
def scratch() -> Path:
    """A folder in memory where there is one."""
    return Path(tempfile.mkdtemp(prefix="fuzz-", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None))  # noqa: S108


@contextmanager
def placed(name: str, data: bytes) -> Iterator[Path]:
    """Bytes as a file of that name, in a folder of its own."""
    folder = scratch() / "one"
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    try:
        yield path
    finally:
        path.unlink()


# ---- targets: each a Hypothesis test without arguments


def importers() -> Callable[[], None]:
    """Logs of other tools, spoilt; read as a table if an importer knows them."""
    from heldout.results.reading.kinds import first_bytes
    from heldout.results.reading.logs import imported

    @given(spoilt_logs())
    def test(log: tuple[str, bytes]) -> None:
        with placed(*log) as path, bounded():
            found = imported(path, first_bytes(path))
            assert found is None or len({len(c) for c in found.columns.values()}) <= 1

    return test


def tables() -> Callable[[], None]:
    """Tables of every format, of odd columns and odd cells, read to the end."""
    from heldout.results.reading import read

    @given(spoilt_tables())
    def test(file: tuple[str, bytes]) -> None:
        with placed(*file) as path, bounded():
            read([str(path)])

    return test


def claims() -> Callable[[], None]:
    """Claims as text: grammatical, nearly so, and not at all."""
    from dataclasses import make_dataclass

    from heldout.claims.notation import CELLS, WORDS, parse
    from heldout.core.split import IID, TRAIN, Split

    spec = make_dataclass("Spec", [("name", str), ("splits", tuple), ("bounds", tuple)], frozen=True)
    splits = (TRAIN, IID, Split("n1", "noise", 1.0), Split("n2", "noise", 2.0, "gauss"))
    names = {n: spec(n, splits, (0.0, 1.0)) for n in ("digits", "cnn", "mlp", "a wide net")}
    atoms = st.sampled_from(["digits", "cnn", "'a wide net'", "iid", "noise", "0.9", "1e999", "-1", "True", "None", "''", "[]",
                             "noise[gauss, 1]", "1" * 5000, "1e-400", "9" * 400, "lambda: 0", "x.__class__", "f'{x}'", "...",
                             "'\\x00'", "\u202e", "*cnn", "**cnn", "probe='score'", "at=1"])  # fmt: skip
    cells = st.sampled_from(CELLS).map(lambda w: f"{w}(digits, cnn, noise)") | st.just("score(digits, mlp)")

    def grown(inner: Any) -> Any:
        binary = st.tuples(
            inner,
            st.sampled_from(["+", "-", "*", "/", ">", "<", "==", "and", "within 0.1 of", ", given ", "or"]),
            inner,
        )
        called = st.tuples(st.sampled_from(sorted(WORDS)), st.lists(inner, max_size=4))
        return st.one_of(
            binary.map(lambda t: f"{t[0]} {t[1]} {t[2]}"),
            called.map(lambda t: f"{t[0]}({', '.join(t[1])})"),
            inner.map(lambda t: f"({t})"), inner.map(lambda t: f"-{t}"), inner.map(lambda t: f"[{t}]"),
            st.tuples(inner, inner).map(lambda t: f"({t[0]}).given({t[1]})"),
            st.tuples(inner, inner).map(lambda t: f"({t[0]}).near({t[1]}, 0.1)"),
        )  # fmt: skip

    sound = st.recursive(cells | atoms, grown, max_leaves=12)
    deep = st.tuples(
        st.sampled_from(["(", "[", "-", "not ", "a.", "{", "log(", "a if a else ", "+"]), st.integers(1, 4100)
    ).map(lambda t: t[0] * t[1])

    @given(
        st.one_of(
            sound,
            sound,
            sound.flatmap(lambda t: spoilt_bytes(t.encode())).map(lambda b: b.decode("utf-8", "replace")),
            deep,
            TEXTS,
        )
    )
    def test(text: str) -> None:
        with bounded():
            claim = parse(text, names)
            assert claim.text
            assert claim.components()

    return test


def web() -> Callable[[], None]:
    """Requests to the live site: paths, queries, headers and cookies of any kind; nothing is acted on, no file is given away."""
    from starlette.testclient import TestClient

    from heldout.core.discover import Found
    from heldout.report.site.shelf import Shelf
    from heldout.store import open_store
    from heldout.viewer.app import application
    from heldout.viewer.gather import Sources
    from heldout.viewer.live import Live
    from heldout.viewer.running import Runs

    folder = scratch() / "web"
    (folder / "secret.html").parent.mkdir(exist_ok=True)
    (folder / "secret.html").write_text("SECRET")
    store, known = open_store(folder / "store"), {"known": Found("known", "", "Known", None, "nowhere")}
    runs = Runs(folder / "store")
    live = Live(store, Sources((store,), None, None, known), Shelf({}, known, live=True), runs)
    client = TestClient(
        application({"store": live}, "token", 7), base_url="http://127.0.0.1:7", raise_server_exceptions=True
    )
    parts = st.sampled_from(["store", "index.html", "studies", "tasks", "..", ".", "", "%2e%2e", "%2f", "%00", "\\", "secret.html", "known.html",
                             "runs", "known", "start", "stop", "papers.html", "plotly.min.js", "etc", "passwd", "%c0%ae", "*"]) | TEXTS  # fmt: skip
    headers = st.dictionaries(
        st.sampled_from(["host", "origin", "cookie", "referer", "x-forwarded-host", "content-length", "accept", "range", "upgrade"]),
        st.sampled_from(["127.0.0.1:7", "http://127.0.0.1:7", "heldout-7=token", "heldout-7=\xe9", "null", "evil.example", "a" * 3000, "bytes=0-1", "0", ";=;", "127.0.0.1:x"]),
        max_size=3,
    )  # fmt: skip

    @given(
        st.sampled_from(["GET", "POST", "HEAD", "PUT", "OPTIONS", "TRACE"]),
        st.lists(parts, max_size=5) | st.lists(parts, max_size=3).map(lambda found: ["store", *found]),
        headers,
        TEXTS,
        st.booleans(),
    )
    def test(method: str, path: list[str], given_headers: dict[str, str], query: str, session: bool) -> None:
        from urllib.parse import quote

        address = "http://127.0.0.1:7/" + "/".join(quote(p.encode("utf-8", "replace"), safe="%\\*") for p in path)
        if path[:2] and path[1:2] == ["events"]:
            return  # without end
        may = given_headers.get("cookie") == "heldout-7=token" and given_headers.get("origin") in (
            None,
            "http://127.0.0.1:7",
        )
        client.cookies.clear()
        word = query.encode("utf-8", "replace").decode()
        with bounded():
            answer = client.request(method, address, headers={k: v.encode("latin-1") for k, v in given_headers.items()},
                                    params={"token": word, "page": word} if session else None, follow_redirects=False)  # fmt: skip
            assert answer.status_code < 500 or answer.status_code == 501
            assert b"SECRET" not in answer.content
            assert b"root:x:0" not in answer.content
            assert "<script>alert(1)" not in answer.text or answer.headers.get("content-type", "").startswith(
                "application/json"
            )
        live.state(query)
        if not may:
            assert not runs.known

    runs.start = lambda _: None
    return test


def command() -> Callable[[], None]:
    """A model that is a command, and answers anything: what it writes is in a file."""
    from heldout.models.command import Command

    path = scratch() / "answer"
    inputs = np.zeros((2, 3))
    values = st.one_of(
        st.lists(st.lists(SCALARS, max_size=3) | SCALARS, max_size=3).map(lambda v: {"outputs": v}),
        VALUES.map(lambda v: {"outputs": v}),
        VALUES,
    )
    said = (
        values.map(lambda v: dumped(v) + b"\n").flatmap(spoilt_bytes)
        | st.binary(max_size=200)
        | values.map(lambda v: dumped(v) + b"\n")
    )

    @given(said)
    def test(answer: bytes) -> None:
        path.write_bytes(answer)
        one = Command(f"sh -c 'read x; cat {path}'", seconds=5)
        with bounded():
            try:
                found = one(inputs)
                assert len(found) == 2
                assert found.dtype == float
            finally:
                one.close()

    return test


TARGETS: dict[str, Callable[[], Callable[[], None]]] = {
    f.__name__: f for f in (importers, tables, claims, web, command)
}


# ---- for how long


def limited(
    test: Callable[[], None], examples: int, number: int | None = None, failures: ExampleDatabase | None = None
) -> Callable[[], None]:
    """The target for that many examples; the same ones for the same number, anew each time for none."""
    everything = settings(
        max_examples=examples, deadline=None, database=failures, print_blob=False, verbosity=Verbosity.normal,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )(test)  # fmt: skip
    return everything if number is None else seed(number)(everything)


def search(name: str, minutes: float, start: int) -> int:
    """Rounds of examples until the time is over; returns how many rounds of 300 there were."""
    end, rounds = time.monotonic() + 60 * minutes, 0
    while time.monotonic() < end:
        limited(TARGETS[name](), 300, start + rounds)()
        rounds += 1
    return rounds


def atheris(name: str, minutes: float) -> None:
    """The same target, led by which lines of heldout are reached; ends the process."""
    import atheris as engine  # pyright: ignore[reportMissingImports]

    with engine.instrument_imports(include=["heldout"]):
        target = limited(TARGETS[name](), 50, failures=InMemoryExampleDatabase())
        target()  # which imports what is imported late
    fuzz = target.hypothesis.fuzz_one_input  # pyright: ignore[reportFunctionMemberAccess]

    def one(data: bytes) -> None:
        rest = np.random.default_rng(zlib.crc32(data)).bytes(
            LONGEST
        )  # a short input would end in mid-example and try nothing
        try:
            fuzz((data + rest)[:LONGEST])
        except BaseException:
            try:
                target()  # begins with what has just failed, and makes it smaller
            except BaseException as smaller:  # noqa: BLE001 - it is told, and the first is raised
                traceback.print_exception(smaller)
            raise

    limits = [f"-max_total_time={int(60 * minutes)}", f"-max_len={LONGEST // 8}", "-len_control=0", "-timeout=0"]
    engine.Setup([sys.argv[0], *limits, f"-artifact_prefix={scratch()}/", "-print_final_stats=1"], one)
    engine.Fuzz()


def apart(name: str, minutes: float) -> int:
    """Atheris in a process of its own, which it ends itself."""
    command = [sys.executable, __file__, name, "--engine", "atheris", "--minutes", str(minutes)]
    code = subprocess.run([*command, "--alone"], check=False).returncode
    print(f"{name}: {'nothing found' if not code else f'exit code {code}'}", flush=True)
    return code


def used() -> float:
    """Minutes of processor time that this process and its children had: on a busy machine less than the clock says."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both) / 60


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    asked.add_argument("target", choices=[*TARGETS, "all"])
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--engine", choices=["hypothesis", "atheris"], default="hypothesis")
    asked.add_argument("--seed", type=int, default=time.time_ns() % 10**9)
    asked.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_args()
    for name in TARGETS if options.target == "all" else [options.target]:
        if options.alone:
            atheris(name, options.minutes)
        if options.engine == "atheris":
            if apart(name, options.minutes):
                return 1
            continue
        before, rounds = used(), search(name, options.minutes, options.seed)
        print(
            f"{name}: {300 * rounds:,} examples from seed {options.seed} in {used() - before:.1f} minutes of processor time, "
            f"peak {peak():.0f} MB, nothing found",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
