"""Files that ask for more than they are, and answers of any kind: one line and exit code 2, in time and little memory."""

import io
import json
import re
import shlex
import struct
import subprocess
import sys
import zipfile
import zlib

import duckdb
import numpy as np
import pytest

from heldout.claims.notation import parse
from heldout.core import HeldoutError
from heldout.models.command import Command
from heldout.results.reading import limits, read
from heldout.results.reading.kinds import first_bytes
from heldout.results.reading.logs import imported

ROWS = b'{"system":"a","score":1}\n{"system":"b","score":2}\n'
LOG = b'{"version":2,"status":"success","eval":{"task":"t","model":"m"}}'


def gzipped(part, times, head=b"system,score\n"):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(head) + b"".join(packer.compress(part) for _ in range(times)) + packer.flush()


def zipped(*members):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", 8) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return made.getvalue()


def npy(shape, data=b"", kind="<f8"):
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + text.encode().ljust(117) + b"\n" + data


def evaluations(shape, data=b"", kind="<f8"):
    return zipped(("timesteps.npy", npy(shape[:1], data, kind)), ("results.npy", npy(shape, data, kind)))


def quoted():
    """A member whose own header says that its name goes on through its contents."""
    data = bytearray(zipped(("timesteps.npy", np.random.default_rng(0).bytes(4000)), ("results.npy", b"")))
    data[26:28] = struct.pack("<H", 3000)
    return bytes(data)


def keys():
    return b"".join(b'{"system":"a","k%d":1}\n' % i for i in range(200_000))


BOMBS = {
    "zeros.csv.gz": lambda: (gzipped(bytes(1 << 20), 80), "MB unpacked"),
    "rows.csv.gz": lambda: (gzipped(b"a,1\nb,2\n" * 131072, 24), "lines from"),
    "wide.csv": lambda: (b",".join(b"a%d" % i for i in range(9000)) + b"\n" * 400_000 + b"a,1\n" * 99, "too large a table"),
    "diagonal.csv": lambda: (b"system,item,score\n" + b"".join(b"s%d,i%d,%d\n" % (i, i, i % 2) for i in range(14_000)), "too large a table"),
    "names.jsonl": lambda: (keys(), "columns"),
    "names.json": lambda: (b"[" + keys().replace(b"\n", b",")[:-1] + b"]", "columns"),
    "deep.json": lambda: (b"[" * 2_000_000, "."),
    "deeper.json": lambda: (b'{"a":' * 500_000, "too deep"),
    "deep.jsonl": lambda: ((b'{"system":"a","score":1,"x":' + b"[" * 500_000 + b"]" * 500_000 + b"}\n") * 2, "."),
    "digits.json": lambda: (b'{"system":["a","b"],"score":[' + b"1" * 100_000 + b",1.5]}", "digits"),
    "digits.jsonl": lambda: (b'{"system":"a","score":' + b"1" * 100_000 + b"}\n" + ROWS, "."),
    "lists.json": lambda: (b'{"a":[' + b",".join([b"[]"] * 1_000_000) + b"]}", "nested deeper"),
    "lists.json.gz": lambda: (gzipped(b"[]," * 333_333, 60, b'{"a":['), "of memory"),
    "line.jsonl.gz": lambda: (gzipped(b"[]," * 333_333, 60, LOG + b"\n" + b'{"a":['), "of memory"),
    "lists.eval": lambda: (zipped(("header.json", LOG), ("samples/1.json", b"[" + b"[]," * 20_000_000 + b"1]")), "of memory"),
    "asks.npz": lambda: (evaluations((10**11, 10)), "damaged or refused"),
    "zeros.npz": lambda: (evaluations((2 * 10**7, 1), bytes(2 * 10**7), "|i1"), "damaged or refused"),
    "object.npz": lambda: (evaluations((1, 1), b"\x80\x04N.", "|O"), "damaged or refused"),
    "version.npz": lambda: (evaluations((3, 1)).replace(b"PK\x01\x02\x14\x03\x14", b"PK\x01\x02\x14\x03\xff"), "."),
    "outside.eval": lambda: (zipped(("header.json", LOG), ("../samples/1.json", b"{}")), "points outside"),
    "quoted.npz": lambda: (quoted(), "unreadable archive"),
    "slow.eval": lambda: (zipped(("header.json", LOG), ("samples/1.json", b"[" * 10**6)), "too deep"),
}  # fmt: skip


PEAK = """
import resource
import sys
from pathlib import Path
from heldout.cli import main

def peak():
    try:  # on Linux getrusage also counts the process that this one was forked from
        lines = Path("/proc/self/status").read_text().splitlines()
        return 1024 * int(next(line for line in lines if line.startswith("VmHWM")).split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)

sys.argv = ["heldout", "compare", sys.argv[1]]
try:
    main()
finally:
    print(peak(), flush=True)
"""
"""The command, and then the peak of its memory in bytes."""


def child(code, path):
    return subprocess.run(
        [sys.executable, "-c", code, str(path)], check=False, capture_output=True, text=True, timeout=60
    )


def compared(path):
    """Exit code, what was said, and the peak of the memory in megabytes."""
    done = child(PEAK, path)
    return done.returncode, done.stderr, int(done.stdout.split()[-1]) / 2**20


@pytest.mark.parametrize("name", BOMBS)
def test_a_file_that_is_a_bomb_is_refused_in_one_line(name, tmp_path):
    data, why = BOMBS[name]()
    (tmp_path / name).write_bytes(data)
    with pytest.raises(HeldoutError, match=why) as error:
        read([str(tmp_path / name)])
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 1000


@pytest.mark.parametrize("name", ["rows.csv.gz", "names.json", "diagonal.csv", "line.jsonl.gz"])
def test_the_command_says_one_line_and_takes_less_than_a_gigabyte(name, tmp_path):
    (tmp_path / name).write_bytes(BOMBS[name]()[0])
    code, said, megabytes = compared(tmp_path / name)
    assert code == 2, said
    assert re.fullmatch(r"heldout: [^\n]+\n", said)
    assert megabytes < 1024


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("SELECT 's' || i % 2 AS system, 1.0 AS score FROM range(10_100_000) t(i)", "rows in a file"),
        ("SELECT 's' || i AS system, i AS score, repeat('x', 80_000_000) AS t FROM range(4) t(i)", "MB unpacked"),
    ],
)
def test_a_parquet_file_that_unpacks_to_a_thousand_times_itself_is_refused(query, why, tmp_path):
    with duckdb.connect() as connection:
        connection.execute(f"COPY ({query}) TO '{tmp_path}/t.parquet' (COMPRESSION zstd, ROW_GROUP_SIZE 11_000_000)")
    with pytest.raises(HeldoutError, match=why):
        read([str(tmp_path / "t.parquet")])


SMALL = {
    "six columns": (
        "'s' || i % 2 AS system, 't' AS task, 1 AS seed, 'i' AS item, i % 2 AS score, 5 AS step",
        10_000_000,
        "10,000,000 outcomes in",
    ),
    "a name a row": ("'s' || i % 2 AS system, i AS item, i % 3 AS score", 4_000_000, "of 4,000,000 names"),
}
"""Columns, how many rows, and what is said of the file, which is small."""


def small(path, columns, rows):
    with duckdb.connect() as connection:
        how = "COMPRESSION zstd, PARQUET_VERSION v2"
        connection.execute(f"COPY (SELECT {columns} FROM range({rows}) t(i)) TO '{path}' (FORMAT parquet, {how})")  # noqa: S608
    assert path.stat().st_size < 6 << 20


@pytest.mark.parametrize("name", SMALL)
def test_a_small_file_whose_table_would_take_a_gigabyte_is_refused_within_it(name, tmp_path):
    columns, rows, why = SMALL[name]
    small(tmp_path / "t.parquet", columns, rows)
    code, said, megabytes = compared(tmp_path / "t.parquet")
    assert code == 2, said
    assert re.fullmatch(r"heldout: [^\n]+\n", said)
    assert why in said
    assert megabytes < 1024


READ = PEAK.replace("from heldout.cli import main", "from heldout.results.reading import read").replace(
    "    main()", "    read([sys.argv[2]]) if sys.argv[2] else None"
)


def test_reading_takes_no_more_memory_than_the_limit_supposes(tmp_path):
    rows, path = 2_000_000, tmp_path / "t.parquet"
    small(path, "'s' || i // 10_000 AS system, i % 10_000 AS item, (hash(i) % 2)::TINYINT AS score", rows)
    before, after = (int(child(READ, p).stdout.split()[-1]) for p in ("", path))
    assert after - before < rows * (limits.OUTCOME + 3 * limits.CELL) + (80 << 20)


def test_half_a_surrogate_pair_and_numbers_beyond_64_bits_are_cells_like_others(tmp_path):
    columns = {"system": ["\ud800", "b"] * 4, "score": [10**30, 1, 2, 3, 4, 5, 6, 7], "\udfff": [10**30] * 8}
    (tmp_path / "t.json").write_text(json.dumps(columns))
    table = read([str(tmp_path / "t.json")])
    assert table.systems == ("?", "b")
    assert np.nanmax(table.scores) == 1e30


def test_a_name_of_two_lines_is_told_on_one(tmp_path):
    (tmp_path / "t.jsonl").write_text('{"a\\nb": "a"}\n' * 3)
    with pytest.raises(HeldoutError) as error:
        read([str(tmp_path / "t.jsonl")])
    assert "\n" not in str(error.value)


def test_a_log_of_many_unscored_samples_is_told_of_in_few_words(tmp_path):
    samples = [{"id": i, "scores": {"a": 1} if i < 2 else {}} for i in range(1000)]
    path = tmp_path / "log.json"
    path.write_text(json.dumps({"version": 2, "status": "success", "eval": {"model": "m"}, "samples": samples}))
    found = imported(path, first_bytes(path))
    assert len(found.notes) == 51
    assert found.notes[-1] == "and 948 more samples without a score"


NAMES = {name: type(name, (), {"name": name, "splits": (), "bounds": (0.0, 1.0)})() for name in ("digits", "cnn")}


@pytest.mark.parametrize(
    "text",
    [
        "near(digits, 0.5, 0.1)", "mean(cnn) > 0", "ordered(digits, cnn)", "all_of(digits, cnn)", "all_of()",
        "score('x', cnn) > 0", "score(0.9, cnn) > 0", "score(digits, cnn, 3) > 0", "score(digits, cnn, at=1) > 0",
        "score(digits, cnn, probe=2) > 0", "score(digits, cnn) > " + "9" * 400, "score(digits, cnn) * 1e308 * 1e308 > 0",
        "score(digits, cnn, At(1, 2)) > 0", "steps_to(digits, cnn, 'iid', 'x') > 0", "a" + ".a" * 1500 + "()", "-" * 3000 + "1",
        "wins([(digits, cnn)]) > 0", "trend([cnn, cnn, cnn], [1, 2, 3]) > 0", "score(digits, cnn, '\\d') >",
        "score(digits, cnn) within 0.1 of digits", "score(digits, cnn) within 0.1 of mean(digits)", "digits within cnn of 0.1",
    ],
)  # fmt: skip
def test_a_claim_without_sense_is_refused_in_one_line(text):
    with pytest.raises(HeldoutError, match=r"^claim") as error:
        parse(text, NAMES)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 600


SAID = {
    "out.write(b'\\377\\376{\\n')": "must print",
    "print('{\"outputs\": [1e999, ')": "must print",
    "out.write(b'{\"outputs\": [1')": "ended before",
    "pass": "ended before",
    'print(\'{"outputs": {"1": 2, "3": 4}}\')': "must print",
    'print(\'{"outputs": "12"}\')': "must print",
    "print('{\"outputs\": [[], []]}')": "must print",
    "print('{\"outputs\": [[[1]], [[2]]]}')": "must print",
    "print('{\"outputs\": [1, 2, 3]}')": "3 outputs for 2",
    "print('{\"outputs\": ' + '[' * 100_000 + ']' * 100_000 + '}')": "must print",
    "print('{\"outputs\": [' + '1' * 4000 + ', 2]}')": "must print",
    "while True: out.write(bytes(1 << 20))": "more than 64 MB",
    "sys.exit('\\033[31mred')": r"it said: \[31mred",
    "time.sleep(60)": "did not answer",
}
"""What a model does with the first line that it is given, and what is said of it."""

MODEL = "import sys, time\nout = sys.stdout.buffer\ninput()\n"


def written(path, *lines):
    """A command that runs lines of Python after it has read its first input."""
    path.write_text(MODEL + "\n".join(lines) + "\n")
    return f"{shlex.quote(sys.executable)} {shlex.quote(str(path))}"


@pytest.mark.parametrize("does", SAID)
def test_a_command_that_answers_anything_is_an_error_of_one_line(does, tmp_path):
    command = Command(written(tmp_path / "model.py", does), seconds=1.0 if "sleep" in does else 30.0)
    with pytest.raises(HeldoutError, match=SAID[does]) as error:
        command(np.zeros((2, 3)))
    command.close()
    assert "\n" not in str(error.value)


def test_a_command_whose_outputs_change_their_shape_is_told_so(tmp_path):
    lines = ("print('{\"outputs\": [[1, 2]]}', flush=True)", "input()", "print('{\"outputs\": [[1, 2, 3]]}')")
    command = Command(written(tmp_path / "model.py", *lines), batch=1)
    with pytest.raises(HeldoutError, match="several shapes"):
        command(np.zeros((2, 3)))
    command.close()
