import pytest

FILE = """
def brightest(images):
    return (images.reshape(len(images), -1).argmax(axis=1) * 10) // 64
"""


@pytest.fixture
def asked(tmp_path):
    (tmp_path / "mine.py").write_text(FILE)
    return "score", "mine.py:brightest", "corruptions:digits", "--no-baselines", "--axis", "noise"


def test_the_command_prints_where_a_model_breaks(heldout, asked):
    said = heldout(*asked)
    assert said.code == 0
    assert "brightest loses most along noise" in said.out
    assert "Where it breaks" in said.out
    assert "Gap per axis" not in said.out
    assert "Gap per axis" in heldout(*asked, "--full").out


def test_its_json_has_the_scores_and_where_it_breaks(heldout, asked):
    tree = heldout(*asked, "--json").json
    assert tree["breaking"][0]["axes"][0]["axis"] == "noise"
    assert tree["breaking"][0]["order"] is None
    assert {row["split"] for row in tree["scores"]} > {"iid", "noise"}
    again = heldout(*asked, "--json").json
    assert (again["cells_run"], again["cells_reused"]) == (0, 1)


def test_an_edited_model_is_asked_anew(heldout, asked, tmp_path):
    heldout(*asked)
    (tmp_path / "mine.py").write_text(FILE.replace("64", "65"))
    assert heldout(*asked, "--json").json["cells_run"] == 1


def test_what_is_wrong_is_one_line(heldout, asked):
    assert "defines no `darkest`" in heldout("score", "mine.py:darkest", "corruptions:digits").line
    assert "there is no such file" in heldout("score", "yours.py:f", "corruptions:digits").line
    assert "write package.module:name" in heldout("score", "brightest", "corruptions:digits").line


def test_baselines_are_scored_alone_where_there_is_no_model(tmp_path):
    from heldout.scoring import Asked, alone

    path = tmp_path / "t.csv"
    path.write_text("x,y,ward\n" + "".join(f"{i},{i % 2},{'ab'[i % 3 // 2]}\n" for i in range(60)))
    study = alone(str(path), Asked(target="y", shift="ward", networks=True, select="best"))
    assert study.paper.title == "Baselines on t"
    assert [x.name for x in study.learners][:3] == ["baseline: linear", "baseline: boosted trees", "net: ERM, best"]
    assert len(study.learners) == 8
    few = alone(str(path), Asked(target="y", shift="ward"))
    assert len(few.learners) == 2


def test_a_table_without_predictions_is_told_of_baselines(heldout, tmp_path):
    (tmp_path / "t.csv").write_text("x,y\n1,2\n")
    assert "--baselines instead of --prediction" in heldout("score", "t.csv", "--target", "y").line


def test_a_slow_model_asks_for_a_limit(heldout, asked, tmp_path, monkeypatch):
    monkeypatch.setattr("heldout.scoring.pace.seconds_each", lambda model, task: 2.0)
    said = heldout(*asked).line
    assert "brightest takes 2.00 s an instance" in said
    assert (
        "such as --limit 9 " in said
    )  # 600 s, 2 s, 16 splits for the score and for its calibration, train for the score
    assert heldout(*asked, "--limit", "2").code == 0
    assert heldout(*asked).code == 2
    assert heldout(*asked, "--limit", "1000").code == 0
    assert heldout(*asked).code == 0  # the store has it


def test_the_pace_of_a_model_is_measured():
    import time

    import numpy as np

    from heldout.scoring import Asked, scored
    from heldout.scoring.pace import seconds_each

    def model(x):
        time.sleep(0.02 * len(x))
        return np.zeros(len(x))

    (task,) = scored("heldout.learners.baselines:linear_classifier", "corruptions:digits", Asked(baselines=False)).tasks
    assert 0.02 <= seconds_each(model, task) < 0.2


def test_a_folder_of_images_is_scored(heldout, tmp_path):
    import numpy as np
    from PIL import Image

    g = np.random.default_rng(0)
    for i in range(60):
        path = tmp_path / "images" / "xy"[i % 2] / ("dark", "light")[i // 2 % 2] / f"{i}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(g.integers(0, 100, (3, 3)).astype(np.uint8) + np.uint8(150 * (i // 2 % 2))).save(path)
    found = heldout(
        "score", "sklearn.naive_bayes:GaussianNB", "images", "--no-baselines", "--seeds", "1", "--json"
    ).json
    assert found["breaking"][0]["iid"]["estimate"] == 1.0
    assert found["breaking"][0]["axes"][0]["axis"] == "domain"
    assert "--target y: images is no table" in heldout("score", "m:f", "images", "--target", "y").line
    assert (
        "--size 3: corruptions:digits is no folder" in heldout("score", "m:f", "corruptions:digits", "--size", "3").line
    )


def test_baselines_are_scored_on_hospitals_left_out(heldout, tmp_path, monkeypatch):
    """The linear one as scikit-learn has it, fitted by hand; beside it two of the six networks, which take time."""
    import numpy as np

    from heldout.core.seeds import Words
    from heldout.learners.baselines import linear_classifier
    from heldout.learners.domains import on_table
    from heldout.tasks.tabular.table import Table

    every = on_table.networks
    monkeypatch.setattr(on_table, "networks", lambda task, select: every(task, select)[:2])
    rng = np.random.default_rng(0)
    x, ward = rng.normal(size=(90, 2)), np.repeat(["a", "b", "c"], 30)
    y = (x[:, 0] + 0.5 * rng.normal(size=90) > 0).astype(int)
    rows = [f"{a!r},{b!r},{w},{c}" for (a, b), w, c in zip(x.tolist(), ward, y, strict=True)]
    (tmp_path / "data.csv").write_text("\n".join(["u,v,hospital,y", *rows]) + "\n")
    options = "--target y --shift hospital --baselines --select best --seeds 1 --json"
    said = heldout("score", "data.csv", *options.split())
    scores = {(row["learner"], row["split"]): row["estimate"] for row in said.json["scores"]}
    table = Table(tmp_path / "data.csv", "y", "hospital")
    for one in "abc":
        rows = table.training(Words(0, 0), f"hospital={one}")  # not all others: a fifth is kept for iid
        fitted = linear_classifier().fit(rows.inputs, rows.targets)
        assert scores["baseline: linear", f"hospital={one}"] == pytest.approx(
            fitted.score(x[ward == one], y[ward == one])
        )
        assert not {*map(float, x[ward == one, 0])} & {*map(float, rows.inputs[:, 0])}
    networks = {learner for learner, _ in scores if learner.startswith("net: ")}
    assert networks == {f"net: {one}, best" for one in ("ERM", "group DRO")}
    assert min(scores[one, "hospital=a"] for one in networks) > 0.5
