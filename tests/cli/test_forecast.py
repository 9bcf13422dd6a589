import math

import numpy as np
import pytest


@pytest.fixture
def losses(tmp_path):
    """Two families whose losses follow power laws with offsets."""
    rng, path, rows = np.random.default_rng(1), tmp_path / "runs.csv", []
    for family, a, c in (("Otter", 60, 1.7), ("Heron", 75, 1.7)):
        for i in range(8):
            compute = 10 ** (17.5 + 0.5 * i)
            rows.append(f"{family},{compute:.4g},{(a * compute**-0.09 + c) * math.exp(rng.normal(0, 0.003)):.4f}")
    path.write_text("\n".join(["family,compute,loss", *rows]))
    return path


def table(tmp_path, header, rows, name="t.csv"):
    path = tmp_path / name
    path.write_text("\n".join([header, *rows]))
    return path


def test_json_says_law_intervals_and_every_back_test(heldout, losses):
    made = heldout("forecast", losses, "--x", "compute", "--group", "family", "--at", "1e22", "--json").json
    assert made["lower_is_better"]
    assert [s["system"] for s in made["systems"]] == ["Otter", "Heron"]
    for system, a in zip(made["systems"], (60, 75), strict=True):
        (ahead,) = system["forecasts"]
        assert ahead["low"] < a * 1e22**-0.09 + 1.7 < ahead["high"]
        assert system["law"] == "power law"
        assert {r["law"] for r in system["laws"] if r["naive"]} == {"line in log-log", "last value", "mean"}
        assert system["naive_is_better"] is None


def test_the_page_and_the_figure(heldout, losses):
    said = heldout("forecast", losses, "--x", "compute", "--system", "family", "--html", "p.html", "--figure", "f.svg")
    assert said.code == 0
    assert "Otter is forecast lowest at compute" in said.out
    assert "the power law back-tests best" in said.out
    page = (losses.parent / "p.html").read_text()
    assert "<script" not in page
    assert "aria-label" in page
    assert (losses.parent / "f.svg").read_text().startswith('<svg xmlns="http://www.w3.org/2000/svg"')


def test_markdown_of_accuracies_uses_a_sigmoid(heldout, tmp_path):
    rng = np.random.default_rng(2)
    rows = [
        f"{10**x:.3g},{0.25 + 0.7 / (1 + math.exp(-1.6 * (x - 20.5))) + rng.normal(0, 0.004):.4f}"
        for x in np.arange(18, 22.6, 0.5)
    ]
    said = heldout(
        "forecast", table(tmp_path, "flops,accuracy", rows), "--x", "FLOPs", "--chance", "0.25", "--markdown"
    )
    assert said.out.startswith("# Accuracy 0.9")
    assert "| sigmoid" in said.out.replace("sigmoid (used)", "sigmoid").replace("**", "")


def test_a_law_that_a_naive_forecast_beats_is_named(heldout, tmp_path):
    rng = np.random.default_rng(3)
    rows = [f"{2**i},{2 + rng.normal(0, 0.1):.3f}" for i in range(12)]
    path = table(tmp_path, "compute,loss", rows)
    said = heldout("forecast", path, "--x", "compute", "--law", "power", "--at", "5000").out.replace("\n  ", " ")
    assert "do not trust the power law here" in said
    assert "No law earns its parameters here" in heldout("forecast", path, "--x", "compute").out.replace("\n  ", " ")


@pytest.mark.parametrize(
    ("rows", "options", "message"),
    [
        (["0,1", "2,2"], (), "1 row with a compute that is not positive (the first: 0)"),
        (["-4,1", "2,2"], (), "1 row with a compute that is not positive (the first: -4)"),
        (["1,3", "2,2", "4,1"], ("--law", "broken"), "3 scales for the 6 parameters of broken power law"),
        (["1,3", "2,2", "4,1"], ("--at", "-1"), "--at -1: scales are positive numbers"),
        (["1,a", "2,b"], (), "no row has a number both"),
        (
            ["1,300", "2,200"],
            (
                "--law",
                "sigmoid",
            ),
            "give --ceiling",
        ),
    ],
)
def test_what_the_user_can_mend_is_one_line(heldout, tmp_path, rows, options, message):
    path = table(tmp_path, "compute,loss", rows)
    assert message in heldout("forecast", path, "--x", "compute", "--y", "loss", *options).line


def test_columns_that_are_not_there_are_named(heldout, losses):
    assert "no column 'flop' for --x; there is family, compute, loss" in heldout("forecast", losses, "--x", "flop").line


def test_three_scales_still_allow_the_last_value(heldout, tmp_path):
    path = table(tmp_path, "compute,loss", ["1,3", "2,2.5", "4,2.2"])
    made = heldout("forecast", path, "--x", "compute", "--json").json
    assert made["systems"][0]["law"] in ("last value", "line in log-log", "mean")
    assert "power law" in made["systems"][0]["left_out"]
    assert made["warnings"]


def test_equal_scores_give_no_interval(heldout, tmp_path):
    path = table(tmp_path, "compute,loss", ["1,3", "2,3", "4,3"])
    (system,) = heldout("forecast", path, "--x", "compute", "--json").json["systems"]
    assert system["forecasts"][0] == {"at": 12.0, "estimate": 3.0, "low": None, "high": None}
    assert "all scores are equal" in system["interval"]
    assert heldout("forecast", path, "--x", "compute").code == 0


def test_one_scale_and_rows_without_numbers(heldout, tmp_path):
    path = table(tmp_path, "compute,loss", ["5,3", "5,3.1", "x,2"])
    made = heldout("forecast", path, "--x", "compute", "--json").json
    assert made["repairs"] == ["1 row without a number in 'compute' or 'loss': left out"]
    assert made["systems"][0]["forecasts"][0]["estimate"] == pytest.approx(3.05)
