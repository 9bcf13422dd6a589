"""Commands that look: list, show, plan, cite, sql, doctor, completion."""

import os
import subprocess
import sys

import toys

TOYS = str(toys.__file__)


def test_list_names_slug_theme_and_title(heldout):
    rows = heldout("list", "--json").json
    assert {"slug": "corruptions", "theme": "vision"}.items() <= next(
        r for r in rows if r["slug"] == "corruptions"
    ).items()
    assert all(r["title"] for r in rows)
    assert heldout("list").out.splitlines()[0] == "slug\ttheme\ttitle"
    assert {r["theme"] for r in heldout("list", "--theme", "vision", "--json").json} == {"vision"}
    assert "no theme 'visoin': there is vision" in heldout("list", "--theme", "visoin").line


def test_show_tells_all_of_a_study(heldout):
    out = heldout("show", TOYS).out
    for text in (
        "A toy study",
        "Ada Example and Bo Example (2026)",
        "Task halves: scores in [0, 1], chance 0.5",
        "train (training), iid",
        "shift range: 2, 4",
        "search  200 updates",
        "score(halves, search, range) > 0.9",
        "Budget: up to 12 seeds, 2 minutes",
    ):
        assert text in out
    assert out.count("wider: ") == 2
    assert "wider: " not in heldout("show", TOYS, "-n", "0").out


def test_show_json_is_the_same_as_values(heldout):
    tree = heldout("show", f"{TOYS}:asked", "--json").json
    assert tree["study"] == "asked"
    assert [t["name"] for t in tree["tasks"]] == ["sums"]
    assert tree["tasks"][0]["axes"] == ["size"]
    assert tree["learners"] == [{"name": "adder", "steps": 0, "configurations": 1}]
    assert tree["claims"][0] == {"name": "it adds small numbers", "statement": "score(sums, adder, iid) > 0.8"}
    assert tree["budget"] == {"seeds": 48, "items": 200, "minutes": 2}


def test_show_of_one_task(heldout):
    out = heldout("show", "sums:sums").out
    assert out.startswith("Task sums")
    assert "Claims" not in out


def test_plan_says_the_least_units_before_anything_runs(heldout):
    plan = heldout("plan", TOYS, "--json").json
    assert [c["least"] for c in plan["claims"]] == [8, 8, 8]
    assert {c["cap"] for c in plan["claims"]} == {12}
    assert plan["minutes"] is None
    assert plan["effect"] == 1.0
    assert all(8 <= c["expected"] <= 12 and 0.0 < c["power"] < 1.0 for c in plan["claims"])
    assert "must be a positive number of standard deviations" in heldout("plan", TOYS, "--effect", "0").line
    assert plan["cap_minutes"] == 2
    said = heldout("plan", f"{TOYS}:asked")
    assert said.out.splitlines()[0] == "claim\tleast\texpected at effect 1\tpower\tunit\tcap"
    assert "\titems\t200" in said.out
    assert "minutes unknown before a run" in said.err


def test_a_number_of_samples_that_makes_no_sense_is_one_line(heldout):
    assert "-3 is not in the range" in heldout("show", TOYS, "-n", "-3").line


def test_cite_prints_bibtex(heldout):
    said = heldout("cite", TOYS).out
    assert "@misc{toys," in said
    assert "author = {Ada Example and Bo Example}" in said
    assert "{heldout," in said
    assert heldout("cite", TOYS, "--json").json[0]["slug"] == "toys"


def test_doctor_says_what_there_is(heldout):
    said = heldout("doctor", "--json")
    assert said.code == 0
    things = {row["thing"]: row for row in said.json}
    assert things["python"]["found"].startswith(sys.version.split()[0])
    assert things["heldout[lab]"]["ok"]
    assert things["store"]["found"] == ".heldout, not there yet"
    assert {"cores", "cache"} <= set(things)


def test_doctor_names_what_is_missing_and_the_command(heldout, monkeypatch, tmp_path):
    from heldout.cli.setup import doctor

    monkeypatch.setattr(doctor, "_version", lambda name: None if name == "optax" else "1.0")
    (tmp_path / "file").write_text("")
    said = heldout("doctor", "--store", "file", "--json")
    things = {row["thing"]: row for row in said.json}
    assert said.code == 2
    assert things["heldout[lab]"]["found"] == "lacks optax"
    assert things["heldout[lab]"]["mend"] == "pip install 'heldout[lab]'"
    assert things["store"]["found"] == "file is not a folder"


def test_sql_without_a_store_makes_none(heldout, tmp_path):
    assert "there is no store at .heldout" in heldout("sql", "select 1").line
    assert list(tmp_path.iterdir()) == []


def test_unknown_studies_get_the_nearest_names(heldout):
    for command in ("show", "run", "plan", "cite", "check", "verify"):
        assert "did you mean corruptions" in heldout(command, "corruption").line
    assert "no such file: nowhere.py" in heldout("run", "nowhere.py").line


def test_the_shell_completes_studies_with_their_titles():
    environment = os.environ | {
        "_HELDOUT_COMPLETE": "zsh_complete",
        "COMP_WORDS": "heldout show corr",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from heldout.cli import main; main()"],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    assert "corruptions" in done.stdout
    assert "Benchmarking Neural Network Robustness" in done.stdout


def test_completion_prints_a_script(heldout):
    assert "_HELDOUT_COMPLETE=zsh_complete" in heldout("completion", "zsh").out
    assert "complete" in heldout("completion", "fish").out
