import json

import numpy as np
import pytest

import heldout as package

RNG = np.random.default_rng(0)
CLAIMS = 'c wins: score("C") > score("A") + 0.1\nclose: near(score("A"), score("B"), 0.5)\n'


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "runs.csv"
    rows = [
        f"{name},{task},{seed},{RNG.normal(centre, 0.1):.4f}"
        for name, centre in (("A", 0.3), ("B", 0.3), ("C", 0.8))
        for task in ("maths", "code")
        for seed in range(6)
    ]
    path.write_text("\n".join(["system,task,seed,score", *rows]))
    return path


@pytest.fixture
def claims(tmp_path):
    path = tmp_path / "claims.txt"
    path.write_text(CLAIMS)
    return path


def test_the_page_says_first_what_was_understood(heldout, table):
    said = heldout("compare", table)
    assert said.code == 0
    assert "column 'system': the systems" in said.out.replace("\n", " ")
    assert said.out.index("the systems") < said.out.index("C is better than each of the 2 others")


def test_the_keys_of_json(heldout, table):
    made = heldout("compare", table, "--json").json
    assert {"understood", "systems", "pairs", "rankings", "warnings"} <= made.keys()
    assert {"system", "runs", "tasks", "iqm", "mean", "median", "optimality_gap"} <= made["systems"][0].keys()
    assert made["systems"][0]["iqm"].keys() == {"estimate", "low", "high"}
    pair = {"a", "b", "difference", "probability_of_improvement", "p_adjusted", "verdict", "more_runs"}
    assert pair <= made["pairs"][0].keys()
    assert [p["verdict"] for p in made["pairs"]] == ["undecided", "b better", "b better"]
    assert made["rankings"]["mean"][0] == "C"


def test_claims_are_decided_and_may_fail_a_build(heldout, table, claims):
    said = heldout("compare", table, "--claims", claims, "--json", "--fail-unless", "supported")
    assert said.code == 0
    assert [(c["name"], c["verdict"]) for c in said.json["claims"]] == [("c wins", "supported"), ("close", "supported")]
    claims.write_text('a: score("A") > score("C")')
    assert heldout("compare", table, "--claims", claims, "--fail-unless", "supported").code == 1
    assert heldout("compare", table, "--claims", claims).code == 0
    assert heldout("compare", table, "--fail-unless", "supported").code == 1  # A and B are not told apart


def test_columns_direction_and_margin(heldout, table):
    table.write_text(table.read_text().replace("system,task,seed,score", "who,what,seed,loss"))
    said = heldout(
        "compare", table, "--columns", "system=who,task=what", "--columns", "score=loss", "--lower-is-better", "--json"
    )
    assert {p["verdict"] for p in said.json["pairs"]} == {"a better", "undecided"}
    wide = heldout("compare", table, "--columns", "system=who,task=what,score=loss", "--margin", "5", "--json")
    assert {p["verdict"] for p in wide.json["pairs"]} == {"equivalent"}


def test_pages(heldout, table, tmp_path):
    said = heldout("compare", table, "--markdown", "--html", "page.html")
    assert said.out.startswith("#")
    assert "page.html" in said.err
    assert "<html" in (tmp_path / "page.html").read_text()
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["missing.csv"], "missing.csv"),
        (["runs.csv", "--margin", "-1"], "positive difference"),
        (["runs.csv", "--columns", "system"], "role=column"),
        (["runs.csv", "--columns", "colour=who"], "no such role"),
        (["runs.csv", "--claims", "none.txt"], "none.txt"),
        (["runs.csv", "--normalise", "sometimes"], "min-max"),
        (["runs.csv", "--json", "--markdown"], "choose one"),
        ([], "files"),
    ],
)
def test_what_cannot_be_done_is_one_line(heldout, table, arguments, error):
    assert error in heldout("compare", *arguments).line.lower()


def test_claims_that_cannot_be_read(heldout, table, claims):
    claims.write_text('x: score("Z") > 0')
    assert "claim 'x'" in heldout("compare", table, "--claims", claims).line
    claims.write_bytes(b"\xff\xfe\x00")
    assert "not text" in heldout("compare", table, "--claims", claims).line


def test_battles_are_rated(heldout, tmp_path):
    path = tmp_path / "battles.csv"
    path.write_text("model_a,model_b,winner\n" + "X,Y,model_a\nY,X,tie\nX,Y,model_b\n" * 5)
    made = json.loads(heldout("compare", path, "--json").out)
    assert made["understood"]["battles"] == 15
    assert made["pairs"][0]["verdict"] == "undecided"
    assert "Undecided" in heldout("compare", path).out
    assert heldout("compare", path, "--markdown").out.startswith("# Undecided")
    assert heldout("compare", path, "--fail-unless", "supported").code == 1
    assert "leave out a margin" in heldout("compare", path, "--margin", "1").line
    page = tmp_path / "page.html"
    assert heldout("compare", path, "--html", page).code == 0
    assert "<svg" in page.read_text()


def test_json_needs_no_heavy_import(heldout, table):
    import subprocess
    import sys

    code = (
        "import sys; from heldout.cli.group import status; "
        f"status(['compare', {str(table)!r}, '--json']); "
        "print([m for m in ('scipy.stats', 'matplotlib', 'rich', 'jax', 'pandas', 'heldout.claims') if m in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert json.loads(done.stdout)["pairs"]


def test_as_a_library():
    scores = {"A": RNG.normal(size=(5, 6)), "B": RNG.normal(3, 1, size=(5, 6))}
    found = package.compare(scores, claims={"b": 'score("B") > score("A")'}, margin=0.1)
    assert [p["verdict"] for p in found.pairs()] == ["b better"]
    assert [row["system"] for row in found.table()] == ["A", "B"]
    assert json.loads(found.to_json())["claims"][0]["verdict"] == "supported"
    assert "<iframe" in found._repr_html_()
    assert "svg" in found.plot()._repr_html_()
    assert repr(found).startswith("#")


def test_battles_as_a_library():
    battles = {
        "model_a": ["X", "Y"] * 40,
        "model_b": ["Y", "X"] * 40,
        "winner": ["model_a", "model_b"] * 39 + ["tie"] * 2,
    }
    found = package.compare(battles)
    assert [p["verdict"] for p in found.pairs()] == ["a better"]
    assert [(r["system"], r["battles"], r["wins"], r["ties"]) for r in found.table()] == [
        ("X", 80, 78, 2),
        ("Y", 80, 0, 2),
    ]
    assert json.loads(found.to_json())["rankings"]["win rate"] == ["X", "Y"]
    assert "<iframe" in found._repr_html_()
    assert "svg" in found.plot()._repr_html_()
    assert repr(found).startswith("# X is stronger than Y")
    with pytest.raises(package.HeldoutError, match="have no scores"):
        package.compare(battles, margin=0.1)
