"""The user's own table: what is trained on, what is asked, how it is graded."""

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.metrics import accuracy_score, r2_score
from sklearn.tree import DecisionTreeClassifier

from heldout.core import HeldoutError
from heldout.core.digest import digest
from heldout.core.seeds import words
from heldout.lab import Options, conduct
from heldout.scoring import Asked, breaking, predicted, scored
from heldout.store import open_store
from heldout.tasks.tabular.table import Table

KEY = words("any")


@pytest.fixture
def clinic(tmp_path):
    """Four hospitals, of which D measures in other units; a risk score; dates."""
    g, n, path = np.random.default_rng(0), 480, tmp_path / "clinic.csv"
    hospital, age, lab = g.integers(0, 4, n), g.normal(50, 15, n), g.normal(0, 1, n)
    died = (g.random(n) < 1 / (1 + np.exp(-0.05 * (age - 50) - 2 * lab))).astype(int)
    shown = np.where(hospital == 3, -lab, lab)
    day = np.datetime64("2020-01-01") + g.integers(0, 900, n)
    lines = [
        f"{a:.1f},{'' if i % 50 == 0 else f'{x:.3f}'},{'fm'[i % 2]},{'ABCD'[h]},{d},{y},{'yes' if y else 'no'},{int(x > 0)}"
        for i, (a, x, h, d, y) in enumerate(zip(age, shown, hospital, day, died, strict=True))
    ]
    path.write_text("age,lab,sex,hospital,admitted,died,outcome,guess\n" + "\n".join(lines) + "\n")
    return path


def split(task, name):
    return next(s for s in task.splits if s.name == name)


def asked(task, name):
    return task.questions(split(task, name), KEY, 10**6)


FEATURES = ("age", "lab", "sex")


def test_domains_are_left_out_one_by_one(clinic):
    task = Table(clinic, "died", "hospital", FEATURES)
    assert [s.name for s in task.splits] == ["train", "iid", *(f"hospital={x}" for x in "ABCD")]
    assert task.folds == tuple(f"hospital={x}" for x in "ABCD")
    whole, without = task.training(KEY), task.training(KEY, "hospital=D")
    held = {tuple(i) for i in asked(task, "hospital=D").item.tolist()}
    assert held & {tuple(i) for i in whole.item.tolist()}
    assert not held & {tuple(i) for i in without.item.tolist()}
    assert not {tuple(i) for i in asked(task, "iid").item.tolist()} & {tuple(i) for i in whole.item.tolist()}


def test_scores_are_scikit_learns_own(clinic, tmp_path):
    study = scored(
        "sklearn.tree:DecisionTreeClassifier",
        str(clinic),
        Asked(target="died", shift="hospital", seeds=1, baselines=False, features=FEATURES),
    )
    task = study.tasks[0]
    result = conduct(study, open_store(tmp_path / "s"), Options(workers=1))
    state = int(words(digest(task), 0, "start").split("random_state").low % 2**31)
    for name in ("iid", "hospital=A", "hospital=D"):
        data = task.training(KEY, *([] if name == "iid" else [name]))
        model = DecisionTreeClassifier(random_state=state).fit(data.inputs, data.targets)
        mine = accuracy_score(asked(task, name).targets, model.predict(asked(task, name).inputs))
        (row,) = [r for r in result.scores if r.split == name and r.probe == "score"]
        assert row.estimate == pytest.approx(mine)


def test_a_shifted_hospital_is_found(clinic, tmp_path):
    study = scored(
        "sklearn.naive_bayes:GaussianNB",
        str(clinic),
        Asked(target="outcome", shift="hospital", seeds=1, baselines=False, features=FEATURES),
    )
    assert study.tasks[0].classes == ("0", "1")  # yes and no are read as truth values
    with pytest.raises(HeldoutError, match="cannot be fitted on clinic: Input X contains NaN"):
        conduct(study, open_store(tmp_path / "s"), Options(workers=1))
    study = scored(
        "heldout.learners.baselines:linear_classifier",
        str(clinic),
        Asked(target="outcome", shift="hospital", seeds=1, baselines=False, features=FEATURES),
    )
    store = open_store(tmp_path / "s")
    conduct(study, store, Options(workers=1))
    (found,) = breaking(study, store)
    assert found.axes[0].worst[0] == "hospital=D"
    assert found.axes[0].worst[1] < 0.5 < found.iid.estimate


def test_numbers_are_scored_by_r_squared(clinic, tmp_path):
    task = Table(clinic, "age", None, ("guess", "died"))
    data = task.training(KEY)
    model = LinearRegression().fit(data.inputs, data.targets)
    found = asked(task, "iid")
    outcomes = task.trials(model.predict, split(task, "iid"), KEY, 10**6)
    inside = 1 - ((model.predict(found.inputs) - found.targets) ** 2).mean() / data.targets.var()
    assert outcomes.score.mean() == pytest.approx(inside)
    train = task.trials(model.predict, split(task, "train"), KEY, 10**6)
    assert train.score.mean() == pytest.approx(r2_score(data.targets, model.predict(data.inputs)))


def test_times_go_forward_and_numbers_out_to_their_tails(clinic):
    eras = Table(clinic, "died", "admitted", FEATURES)
    assert [s.level for s in eras.splits[2:]] == [1, 2, 3, 4]
    known = np.loadtxt(clinic, delimiter=",", skiprows=1, usecols=4, dtype="datetime64[D]")
    rows = {s.name: asked(eras, s.name).item[:, 1] for s in eras.splits}
    latest = max(known[rows["train"]].max(), known[rows["iid"]].max())
    assert known[rows["admitted later 1"]].min() >= latest
    assert known[rows["admitted later 4"]].min() >= known[rows["admitted later 3"]].max()
    tails = Table(clinic, "died", "age", ("lab", "sex"))
    ages = np.loadtxt(clinic, delimiter=",", skiprows=1, usecols=0)
    rows = {s.name: asked(tails, s.name).item[:, 1] for s in tails.splits}
    assert ages[rows["age 0% to 5%"]].max() <= ages[rows["age 5% to 10%"]].min() <= ages[rows["train"]].min()
    assert ages[rows["train"]].max() <= ages[rows["age 90% to 95%"]].min()


def test_predictions_need_no_model(clinic, tmp_path):
    study = predicted(str(clinic), Asked(target="died", shift="hospital", prediction="guess"))
    result = conduct(study, open_store(tmp_path / "s"), Options(workers=1))
    table = np.genfromtxt(clinic, delimiter=",", names=True, dtype=None, encoding="utf-8")
    for name in "ABCD":
        mine = table[table["hospital"] == name]
        (row,) = [r for r in result.scores if r.split == f"hospital={name}"]
        assert row.estimate == pytest.approx((mine["died"] == mine["guess"]).mean())
        assert (row.unit, row.n) == ("item", len(mine))


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"target": "dead"}, "no column 'dead': it has 'age'"),
        ({"target": "died", "shift": "ward"}, "no column 'ward'"),
        ({}, "give --target COLUMN"),
    ],
)
def test_columns_that_are_not_there_are_said(clinic, given, said):
    with pytest.raises(HeldoutError, match=said):
        scored("sklearn.svm:SVC", str(clinic), Asked(**given))


def test_columns_that_say_nothing_are_said(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("x,y,z,w\n" + "".join(f"{i},{i % 2},1,\n" for i in range(40)))
    with pytest.raises(HeldoutError, match="'z' has one value: nothing shifts"):
        Table(path, "y", "z").splits  # noqa: B018
    with pytest.raises(HeldoutError, match="target 'z' has one value"):
        Table(path, "z").splits  # noqa: B018
    (tmp_path / "short.csv").write_text("x,y\n1,2\n3,4\n")
    with pytest.raises(HeldoutError, match="2 rows have a value of 'y': 20 are needed"):
        Table(tmp_path / "short.csv", "y").splits  # noqa: B018
    (tmp_path / "pic.csv").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    with pytest.raises(HeldoutError, match=r"pic\.csv"):
        Table(tmp_path / "pic.csv", "y")
