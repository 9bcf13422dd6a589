import csv
import json

import numpy as np
import pytest


@pytest.fixture
def examples(tmp_path):
    rng = np.random.default_rng(0)
    made = [{"text": f"{v} {n}", "rules": f"v{v} n{n}"} for v, n in rng.integers(0, 9, (400, 2))]
    with (tmp_path / "examples.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, ["text", "rules"])
        writer.writeheader()
        writer.writerows(made)
    return made


def test_the_split_is_said_and_written(heldout, examples, tmp_path):
    said = heldout("split", "examples.csv", "--atoms", "rules", "--divergence", 0.7, "--output", "parted.csv")
    assert said.code == 0
    assert "400 examples: " in said.out
    assert "compound divergence 0.7" in said.out or "compound divergence 0.69" in said.out
    assert "pairs of atoms" in said.out
    with (tmp_path / "parted.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [{k: r[k] for k in ("text", "rules")} for r in rows] == examples
    assert {r["split"] for r in rows} <= {"train", "test", "left out"}
    again = heldout("split", "examples.csv", "--atoms", "rules", "--divergence", 0.7, "--output", "again.csv")
    assert again.out == said.out
    assert (tmp_path / "again.csv").read_text() == (tmp_path / "parted.csv").read_text()


def test_json_and_what_would_be_written_without_a_file(heldout, examples):
    made = heldout("split", "examples.csv", "--atoms", "rules", "--divergence", 0.5, "--json").json
    assert made["train"] + made["test"] + made["left_out"] == made["examples"] == len(made["split"]) == 400
    assert made["compound_divergence"] == pytest.approx(0.5, abs=0.01)
    assert made["atom_divergence"] <= 0.02
    assert made["compounds_are_pairs"]
    assert "nothing was written" in heldout("split", "examples.csv", "--atoms", "rules", "--divergence", 0.5).out


def test_lists_in_json_lines_with_compounds_of_ones_own(heldout, examples, tmp_path):
    lines = [{"rules": e["rules"].split(), "trees": [e["rules"].replace(" ", "(") + ")"]} for e in examples]
    (tmp_path / "e.jsonl").write_text("\n".join(map(json.dumps, lines)))
    asked = ("split", "e.jsonl", "--atoms", "rules", "--compounds", "trees", "--divergence", 0.6)
    said = heldout(*asked, "--output", "parted.jsonl")
    assert "pairs" not in said.out
    rows = [json.loads(line) for line in (tmp_path / "parted.jsonl").read_text().splitlines()]
    assert [{k: r[k] for k in ("rules", "trees")} for r in rows] == lines


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["examples.csv", "--atoms", "rule", "--divergence", 0.5], "no column 'rule': there is text, rules"),
        (["same.csv", "--atoms", "a", "--divergence", 0.9], "the nearest has 0.000"),
        (["few.csv", "--atoms", "a", "--divergence", 0.5], "3 examples are too few"),
        (["examples.csv", "--atoms", "rules", "--divergence", 0.5, "--test-share", 0.001], "too few"),
        (["examples.csv", "--atoms", "rules", "--divergence", 0.5, "--test-share", "nan"], "test share of nan"),
        (["examples.csv", "--atoms", "rules", "--divergence", "nan"], "divergence=nan"),
        (["gap.jsonl", "--atoms", "a", "--divergence", 0.5], "example 2 has no atoms"),
        (["gap.jsonl", "--atoms", "b", "--divergence", 0.5], "example 1 has 3 in 'b'"),
        (["examples.csv", "--atoms", "text", "--compounds", "rule", "--divergence", 0.5], "no column 'rule'"),
        (["alone.csv", "--atoms", "a", "--divergence", 0.5], "no two atoms occur together"),
        (["examples.csv", "--atoms", "rules", "--divergence", 7], "--divergence"),
        (["examples.csv", "--atoms", "rules"], "--divergence"),
        (["missing.csv", "--atoms", "a", "--divergence", 0.5], "missing.csv: no such file"),
        (["ragged.csv", "--atoms", "a", "--divergence", 0.5], "row 2 has not as many cells"),
        (["broken.jsonl", "--atoms", "a", "--divergence", 0.5], "line 2 is not json"),
        (["bytes.csv", "--atoms", "a", "--divergence", 0.5], "not utf-8"),
        (["empty.csv", "--atoms", "a", "--divergence", 0.5], "no examples"),
        (["examples.csv", "--atoms", "rules", "--divergence", 0.5, "--output", "no/where.csv"], "no/"),
        (["split.csv", "--atoms", "a", "--divergence", 0.1, "--output", "x.csv"], "'split' already"),
    ],
)
def test_what_cannot_be_done_is_one_line(heldout, examples, tmp_path, arguments, error):
    (tmp_path / "same.csv").write_text("a,b\n" + "x y,1\n" * 30)
    (tmp_path / "few.csv").write_text("a,b\n" + "x y,1\n" * 3)
    (tmp_path / "alone.csv").write_text("a,b\n" + "x,1\ny,1\n" * 10)
    (tmp_path / "gap.jsonl").write_text('{"a": ["x", "y"], "b": 3}\n{"a": []}\n' + '{"a": ["x"]}\n' * 20)
    (tmp_path / "ragged.csv").write_text("a,b\nx\n")
    (tmp_path / "broken.jsonl").write_text('{"a": 1}\n{"a": \n')
    (tmp_path / "bytes.csv").write_bytes(b"a,b\n\xff\xfe,1\n")
    (tmp_path / "empty.csv").write_text("a,b\n")
    (tmp_path / "split.csv").write_text("a,split\n" + "x y,1\nx z,1\nw y,1\nw z,1\n" * 20)
    assert error in heldout("split", *arguments).line.lower()
