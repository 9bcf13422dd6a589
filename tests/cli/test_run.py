"""`heldout run`, and what reads what it leaves: report, sql, verify."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import toys

TOYS = str(toys.__file__)

ASKED = f"{TOYS}:asked"
ONE = ("--workers", "1")


def test_run_decides_and_prints_a_report_and_a_page(heldout, tmp_path):
    said = heldout("run", ASKED, *ONE)
    assert said.code == 0
    assert "2 claims: 1 supported, 1 refuted" in said.out
    assert "page: .heldout/reports/asked.html" in said.out
    assert "supported after 50 items: it adds small numbers" in said.err
    page = tmp_path / ".heldout" / "reports" / "asked.html"
    first = page.stat().st_mtime_ns
    assert "it adds small numbers" in page.read_text()
    again = heldout("run", ASKED, *ONE)
    assert "cells: 0 run, 1 reused" in again.out
    assert again.err == ""
    assert page.stat().st_mtime_ns == first, "a page that would say the same is not drawn again"


def test_json_is_one_object_on_stdout_and_nothing_else(heldout):
    found = heldout("run", ASKED, *ONE, "--json").json
    assert set(found) >= {"study", "claims", "scores", "seconds", "cells_run", "cells_reused", "report"}
    keys = {"name", "statement", "verdict", "estimate", "low", "high", "n", "unit", "method", "assumption"}
    assert set(found["claims"][0]) >= keys
    assert set(found["scores"][0]) >= {"task", "learner", "split", "axis", "level", "estimate", "low", "high", "n"}
    assert found["report"] == ".heldout/reports/asked.html"
    assert heldout("run", ASKED, *ONE, "--json", "--no-page").json["report"] is None


def test_exit_codes_follow_the_verdicts_only_where_asked(heldout):
    assert heldout("run", ASKED, *ONE, "--no-page").code == 0
    assert heldout("run", ASKED, *ONE, "--no-page", "--fail-unless", "supported").code == 1
    assert heldout("run", ASKED, *ONE, "--no-page", "--fail-unless", "decided").code == 0
    assert "'supported', 'decided'" in heldout("run", ASKED, "--fail-unless", "refuted").line


def test_report_and_sql_read_the_store(heldout, tmp_path):
    ran = heldout("run", ASKED, *ONE, "--no-page", "--json").json
    reported = heldout("report", ASKED, "--json").json
    assert reported["claims"] == ran["claims"]
    assert reported["scores"] == ran["scores"]
    assert reported["cells_run"] == 0
    assert heldout("report", ASKED, "--markdown").out.startswith("# A toy study of items")
    assert "page: out.html" in heldout("report", ASKED, "--html", tmp_path / "out.html").out
    rows = heldout("sql", "select claim, verdict from verdicts order by claim", "--json").json
    assert rows == [
        {"claim": "and large ones", "verdict": "refuted"},
        {"claim": "it adds small numbers", "verdict": "supported"},
    ]
    plain = heldout("sql", "select split, avg(value) as mean from records group by all order by all").out
    assert plain == "split\tmean\ncarry\t0\niid\t1\n"
    assert "the query failed" in heldout("sql", "select nonsense").line
    assert "--markdown and --json" in heldout("report", ASKED, "--markdown", "--json").line


def test_kept_evidence_is_verified(heldout, tmp_path):
    heldout("run", ASKED, *ONE, "--no-page", "--keep")
    kept = tmp_path / "evidence" / "asked.json"
    assert json.loads(kept.read_text())["study"] == "asked"
    said = heldout("verify", ASKED, *ONE, "--json")
    assert said.code == 0
    assert [(r["kept"], r["replayed"]) for r in said.json] == [("supported", "supported"), ("refuted", "refuted")]
    kept.write_text(kept.read_text().replace('"verdict":"refuted"', '"verdict":"supported"'))
    assert heldout("verify", ASKED, *ONE).code == 1
    kept.unlink()
    assert "no evidence at evidence/asked.json" in heldout("verify", ASKED).line


def test_fresh_runs_again_and_keeps_the_history_of_the_claims(heldout):
    heldout("run", ASKED, *ONE, "--no-page")
    began = heldout("sql", "select max(started) as at from runs", "--json").json
    again = heldout("run", ASKED, *ONE, "--no-page", "--fresh", "--json").json
    assert (again["cells_run"], again["cells_reused"]) == (1, 0)
    assert heldout("sql", "select max(started) as at from runs", "--json").json != began
    assert heldout("sql", "select count(*) as n from runs", "--json").json == [{"n": 1}]
    assert not [p for p in Path(".heldout/fresh").rglob("*") if p.is_file()]


def test_smoke_keeps_nothing(heldout, tmp_path):
    said = heldout("run", ASKED, "--smoke")
    assert said.code == 0
    assert "page:" not in said.out
    assert not list(tmp_path.rglob("*.parquet"))
    assert "leave out --keep" in heldout("run", ASKED, "--smoke", "--keep").line


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--seeds", "0", "'0' must be a whole number of at least 1"),
        ("--seeds", "-4", "'-4' must be a whole number of at least 1"),
        ("--seeds", "many", "'many' must be"),
        ("--workers", "0", "at least 1"),
        ("--minutes", "0", "'0' must be a positive number of minutes"),
        ("--minutes", "nan", "positive number"),
    ],
)
def test_numbers_that_make_no_sense_are_one_line(heldout, option, value, said):
    line = heldout("run", ASKED, option, value).line
    assert said in line
    assert option in line


def test_a_folder_that_is_no_store_is_left_alone(heldout, tmp_path):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.txt").write_text("dear")
    assert "not a store" in heldout("run", ASKED, "--store", "letters").line
    assert "not a store" in heldout("run", ASKED, "--store", "letters/a.txt").line
    assert [p.name for p in (tmp_path / "letters").iterdir()] == ["a.txt"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_said(heldout, tmp_path):
    (tmp_path / "closed").mkdir(mode=0o500)
    assert "cannot write" in heldout("run", ASKED, "--store", "closed/store").line


def test_a_study_that_raises_is_one_line(heldout, tmp_path):
    (tmp_path / "bad.py").write_text("import heldout\nraise ValueError('no data here')\n")
    assert "bad.py raises ValueError at line 2 of bad.py: no data here" in heldout("run", "bad.py").line


def test_a_store_may_be_named_by_the_environment(heldout, monkeypatch, tmp_path):
    monkeypatch.setenv("HELDOUT_STORE", "elsewhere")
    heldout("run", ASKED, *ONE, "--no-page")
    assert (tmp_path / "elsewhere" / "store.json").exists()


def test_an_interrupt_says_what_is_kept(heldout, monkeypatch):
    from heldout import lab

    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(lab, "conduct", stop)
    said = heldout("run", ASKED)
    assert said.code == 130
    assert said.err.strip() == (
        "heldout: stopped: 0 finished here and all earlier ones are kept in .heldout; the same command goes on from there"
    )


SLOW = f"""
import sys, time
sys.path.insert(0, {str(Path(TOYS).parent)!r})
from dataclasses import dataclass, replace
import toys
@dataclass(frozen=True)
class Slow(toys.Adder):
    def model(self, task, state):
        answer = super().model(task, state)
        return lambda prompt: (time.sleep(0.01), answer(prompt))[1]
from heldout.core import score
slow = Slow()
study = replace(toys.asked, learners=(slow,), claims={{"half": score(toys.sums, slow) > 0.97}})
"""


LISTENING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell has background jobs ignore it
from heldout.cli import main
main(["run", "slow.py", "--no-page"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ there")
def test_control_c_loses_nothing(heldout, tmp_path):
    (tmp_path / "slow.py").write_text(SLOW)
    command = [sys.executable, "-c", LISTENING]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None and not list(tmp_path.glob(".heldout/batches/*.parquet")):
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate()
    assert process.returncode == 130
    assert out == ""
    assert err.strip().splitlines()[-1].endswith("kept in .heldout; the same command goes on from there")
    assert "Traceback" not in err
    found = heldout("run", "slow.py", *ONE, "--json", "--no-page").json
    assert found["claims"][0]["verdict"] in ("supported", "undecided")
    assert heldout("sql", "select count(*) - count(distinct seed) as twice from runs", "--json").json == [{"twice": 0}]
