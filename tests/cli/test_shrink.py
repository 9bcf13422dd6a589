import csv

import numpy as np
import pytest
from scipy import special


@pytest.fixture
def responses(tmp_path):
    rng = np.random.default_rng(0)
    p = special.expit(rng.normal(size=(25, 1)) - rng.normal(size=60))
    right = (rng.random(p.shape) < p).astype(int)
    rows = [f"m{s},maths,q{i},{right[s, i]}" for s in range(25) for i in range(60)]
    path = tmp_path / "responses.csv"
    path.write_text("\n".join(["system,task,item,score", *rows]))
    return path


def test_items_are_written_and_the_error_is_said(heldout, responses, tmp_path):
    said = heldout("shrink", responses, "--items", "12", "--output", "few.csv")
    assert said.code == 0
    assert "12 of 60 items stand for all" in said.out
    for way in ("informative, curves", "stratified, mean", "random, mean"):
        assert way in said.out
    with (tmp_path / "few.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 12
    assert rows[0].keys() == {"item", "task", "weight", "slope", "difficulty"}
    assert rows[0]["task"] == "maths"


def test_without_a_file_the_items_are_printed(heldout, responses):
    said = heldout("shrink", responses, "--items", "5")
    assert said.out.count("maths") == 5


def test_json(heldout, responses):
    made = heldout("shrink", responses, "--items", "5", "--json").json
    assert len(made["chosen"]) == 5
    assert made["expected"][0]["error"] <= made["expected"][-1]["error"]
    assert made["curve"][0].keys() == {"ability", "unseen"}


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (["responses.csv", "--items", "60"], "choose fewer"),
        (["responses.csv", "--items", "0"], "at least 1"),
        (["responses.csv"], "--items"),
        (["missing.csv", "--items", "3"], "missing.csv"),
        (["battles.csv", "--items", "3"], "battles"),
    ],
)
def test_what_cannot_be_done_is_one_line(heldout, responses, tmp_path, arguments, error):
    (tmp_path / "battles.csv").write_text("model_a,model_b,winner\n" + "X,Y,model_a\nY,X,tie\nX,Y,model_b\n" * 5)
    assert error in heldout("shrink", *arguments).line.lower()
