"""Own models and tables that are a little odd: numbers that are names, predictions, limits, failures, records."""

import csv

import numpy as np
import pytest

import heldout
from heldout import Split
from heldout.cli.group import status
from heldout.core import HeldoutError, seeds
from heldout.scoring import Asked, posed, warnings
from heldout.scoring.pace import _counts

W = seeds.words("k")


def write(p, head, rows):
    with p.open("w", newline="") as f:
        w = csv.writer(f)
        w.writerow(head)
        w.writerows(rows)
    return str(p)


def iid(study):
    t, learner = study.tasks[0], study.learners[0]
    m = learner.model(t, learner.advance(t, learner.start(t, W), learner.steps))
    return {s.name: float(t.trials(m, s, W, 10**6).score.mean()) for s in t.splits if not s.train}


@pytest.mark.parametrize(
    ("rows", "right"),
    [
        ([(y, "cat" if y == "cat" else "eel") for y in ["cat"] * 10 + ["dog"] * 80 + ["eel"] * 10], 0.2),
        ([(1 + i % 3, min(1 + i % 3, 2)) for i in range(99)], 2 / 3),
        ([(y, "" if i == 5 else y) for i, y in enumerate(["cat", "dog"] * 50)], 0.99),
    ],
)
def test_predictions_are_compared_by_class(tmp_path, rows, right):
    f = write(tmp_path / "p.csv", ["y", "pred", "g"], [(*r, "ab"[i // 2 % 2]) for i, r in enumerate(rows)])
    s = posed(f, "", Asked(target="y", prediction="pred", shift="g"))
    t, learner = s.tasks[0], s.learners[0]
    m = learner.model(t, ())
    got = np.concatenate([t.trials(m, x, W, 10**6).score for x in t.splits if x.axis])
    assert np.nan_to_num(got).mean() == pytest.approx(right)


def test_probabilities_are_said(tmp_path):
    f = write(tmp_path / "p.csv", ["y", "pred"], [(i % 2, 0.3 + 0.4 * (i % 2)) for i in range(60)])
    with pytest.raises(HeldoutError, match="no class"):
        iid(posed(f, "", Asked(target="y", prediction="pred")))


def test_large_numbers_are_domains_of_their_own(tmp_path):
    f = write(tmp_path / "d.csv", ["y", "x", "g"], [(i % 2, i, 1000001 + i % 3) for i in range(120)])
    (t,) = posed("sklearn.tree:DecisionTreeClassifier", f, Asked(target="y", shift="g", baselines=False)).tasks
    assert [s.name for s in t.splits[2:]] == ["g=1000001", "g=1000002", "g=1000003"]
    assert len(set(np.concatenate([t.read.parts.rows[s.name] for s in t.splits[2:]]))) == 120


def test_empties_are_no_value(tmp_path):
    f = write(tmp_path / "d.csv", ["y", "x", "g"], [(i % 2, i, "" if i % 7 == 0 else i % 20) for i in range(400)])
    (t,) = posed("sklearn.tree:DecisionTreeClassifier", f, Asked(target="y", shift="g", baselines=False)).tasks
    assert len(t.folds) == 20


@pytest.mark.parametrize("name", ["iid", "train"])
def test_reserved(tmp_path, name):
    f = write(tmp_path / "d.csv", ["y", "x", name], [(i % 2, i, "ab"[i // 2 % 2]) for i in range(100)])
    with pytest.raises(HeldoutError, match="name of a split"):
        posed("sklearn.tree:DecisionTreeClassifier", f, Asked(target="y", shift=name, baselines=False))


@pytest.fixture
def own(tmp_path):
    p = tmp_path / "m.py"
    p.write_text("""
import numpy as np
def two(x): return np.zeros((len(x),2))
def hole(x): o=np.zeros(len(x)); o[0]=np.nan; return o
def default(x=None): return x[:,0]
def one(x): return x[:,0]
class Est:
    def fit(self,x,y): self.m=y.mean()
    def predict(self,x): return np.full(len(x),self.m)
class Boom(Est):
    def fit(self,x,y): raise RuntimeError('no gpu')
""")
    f = write(tmp_path / "r.csv", ["y", "x", "g"], [(i * 0.37 % 3, i, "ab"[i % 2]) for i in range(200)])
    return lambda n, *more: status(
        [
            "score",
            f"{p}:{n}",
            f,
            "--target",
            "y",
            "--shift",
            "g",
            "--no-baselines",
            "--seeds",
            "1",
            "--store",
            str(tmp_path / "s"),
            *more,
        ]
    )


@pytest.mark.parametrize(
    ("n", "said"), [("two", "answered 2 numbers per input"), ("hole", "no number"), ("Boom", "no gpu")]
)
def test_what_fails_is_one_line_and_2(own, capsys, n, said):
    assert own(n) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("n", ["default", "Est"])
def test_what_works(own, n):
    assert own(n) == 0


def test_prediction_needs_a_table(own, capsys):
    assert own("one", "--prediction", "x") == 2


@pytest.mark.parametrize("limit", [1000, 50_000])
def test_limit(tmp_path, limit):
    f = write(tmp_path / "r.csv", ["y", "x"], [(i * 0.37, i) for i in range(200)])
    s = posed("sklearn.linear_model:Ridge", f, Asked(target="y", limit=limit, baselines=False))
    assert s.tasks[0].limit == s.probes[0].n == s.budget.items == limit


def test_command_is_stamped(tmp_path):
    from heldout.learners.given import Given

    p = tmp_path / "m.py"
    p.write_text("1")
    a = Given(f"command:python {p}")
    p.write_text("2")
    assert a != Given(f"command:python {p}")


def test_pace_counts_what_is_asked(tmp_path):
    p, log = tmp_path / "m.py", tmp_path / "log"
    p.write_text(
        "import numpy as np\nfrom pathlib import Path\ndef f(x):\n"
        f"    with Path({str(log)!r}).open('a') as file:\n        file.write(f'{{len(x)}} ')\n    return np.zeros(len(x),int)\n"
    )
    f = write(tmp_path / "r.csv", ["y", "x", "g"], [(i % 2, i, "ab"[i // 2 % 2]) for i in range(200)])
    s = posed(f"{p}:f", f, Asked(target="y", shift="g", baselines=False))
    from heldout.lab import Options, conduct
    from heldout.store import open_store

    conduct(s, open_store(tmp_path / "s"), Options(workers=1))
    assert sum(_counts(s.tasks[0], s)) == sum(map(int, log.read_text().split()))


def test_folds_of_unequal_domains(tmp_path):
    g = np.random.default_rng(0)
    f = write(
        tmp_path / "d.csv",
        ["y", "x", "g"],
        [(i % 2, g.random(), "ab"[i // 2 % 2] if i > 5 else f"t{i}") for i in range(60)],
    )
    from heldout.learners.domains.on_table import OnTable
    from heldout.learners.supervised import Supervised
    from heldout.models.mlp import MLP

    (t,) = posed("sklearn.tree:DecisionTreeClassifier", f, Asked(target="y", shift="g", baselines=False)).tasks
    assert len({len(t.by_domain(x)) for x in t.folds}) > 1
    learner = OnTable(Supervised(MLP(4), 20))
    assert set(learner.advance(t, W, 1)) == {"", *t.folds}


def test_recorder(tmp_path):
    with heldout.record("t", "s", seed=np.int64(0), store=tmp_path) as r:
        for i in range(4000):
            r.score("iid", 0.5, step=i)
        r.score("iid", 0.7, step=5)
        assert len(r.records) == 4000
        assert r.records[5]["value"] == 0.7
        r.items("nan", range(10), [1.0] * 9 + [np.nan])
        assert r.records[-1]["value"] == pytest.approx(0.9)


def test_one_name_one_split(tmp_path):
    for s in range(4):
        with heldout.record("rot", "a", seed=s, store=tmp_path) as r:
            r.score("r30" if s % 2 else Split("r30", "rotation", 30), 0.5)
    with pytest.raises(HeldoutError, match="different axes"):
        heldout.judge({"c": 'score(rot,a,"r30") > 0.4'}, tmp_path)


def test_search(tmp_path):
    from types import SimpleNamespace as N

    from heldout.recording.callbacks.search import search
    from heldout.store import open_store

    with pytest.raises(HeldoutError, match="one metric"):
        search(N(cv_results_={"params": [{}], "split0_test_accuracy": [1.0]}), "m", store=tmp_path)
    ps = [{"w": "x" * 300 + str(i) + "\n  y"} for i in range(2)]
    search(N(cv_results_={"params": ps, "split0_test_score": [0.1, 0.9]}), "t", store=tmp_path)
    assert open_store(tmp_path).query("select count(distinct learner) from records where task='t'")[1] == [(2,)]


def test_words_of_the_command(tmp_path):
    f = write(tmp_path / "d.csv", ["y", "x", "g"], [(i % 2, i, "ab"[i // 2 % 2]) for i in range(100)])
    with pytest.raises(HeldoutError, match="no such file of weights"):
        heldout.score_model("os:getcwd", f, target="y", weights="none.safetensors", store=tmp_path / "s")
    heldout.score_model(
        "sklearn.naive_bayes:GaussianNB", f, target="y", features="x,g", store=tmp_path / "s", baselines=False, seeds=1
    )


def test_every_seed_and_level_is_asked_the_same(tmp_path):
    from heldout.core.cell import grid
    from heldout.lab import Options, conduct
    from heldout.scoring import breaking
    from heldout.store import open_store

    s = posed(
        "sklearn.naive_bayes:GaussianNB",
        "corruptions:digits",
        Asked(axes=("noise",), baselines=False, seeds=6, limit=50),
    )
    st = open_store(tmp_path / "s")
    conduct(s, st, Options(workers=1))
    (b,) = breaking(s, st)
    assert b.n == 1
    (tmp_path / "m.py").write_text("def f(x): return (x.reshape(len(x),-1).argmax(1)*10)//64\n")
    s = posed(f"{tmp_path}/m.py:f", "corruptions:digits", Asked(axes=("noise",), baselines=False, limit=50))
    conduct(s, st, Options(workers=1))
    it = st.items([grid(s)[0].digest])
    pos = {}
    for sp, p, i in zip(it["split"], it["position"], it["item"], strict=True):
        pos.setdefault(sp, {})[p] = int(i) & 0xFFFFFFFF
    assert pos["iid"] == pos["gaussian noise 1"]


def test_a_size_too_large_is_said_before_it_is_read(tmp_path, monkeypatch):
    from PIL import Image

    for c in "ab":
        (tmp_path / "i" / c).mkdir(parents=True)
        (tmp_path / "i" / ".ipynb_checkpoints").mkdir(exist_ok=True)
        for i in range(9):
            Image.new("L", (4, 4)).save(tmp_path / "i" / c / f"{i}.png")
    Image.new("L", (4, 4)).save(tmp_path / "i" / ".ipynb_checkpoints" / "0.png")
    (tmp_path / "i" / "a" / "._0.png").write_bytes(b"x")
    monkeypatch.setattr("heldout.tasks.vision.folders._array", lambda *_: pytest.fail("read"))
    with pytest.raises(HeldoutError, match="do not fit"):
        posed("sklearn.tree:DecisionTreeClassifier", str(tmp_path / "i"), Asked(size=100_000, baselines=False))
    monkeypatch.undo()
    assert posed("sklearn.tree:DecisionTreeClassifier", str(tmp_path / "i"), Asked(baselines=False)).tasks[
        0
    ].classes == ("a", "b")


def test_three_dates_are_too_few_to_shift_along(tmp_path):
    rows = [(i % 2, i, f"2024-01-0{1 + i % 3}" if i < 3 else "") for i in range(40)]
    f = write(tmp_path / "d.csv", ["y", "x", "day"], rows)
    with pytest.raises(HeldoutError, match="has 3 values: too few"):
        posed("sklearn.tree:DecisionTreeClassifier", f, Asked(target="y", shift="day", baselines=False))


def test_a_domain_without_which_one_class_is_left_costs_no_baseline(own, tmp_path):
    f = write(tmp_path / "c.csv", ["y", "x", "g"], [(int(i % 4 == 0), i, "ab"[int(i % 4 < 2)]) for i in range(80)])
    found = heldout.score_model(
        "sklearn.naive_bayes:GaussianNB", f, target="y", shift="g", seeds=1, store=tmp_path / "s2"
    )
    assert len(found.breaking) == 3


def test_class_numbers_are_told_of_where_a_table_has_others(tmp_path):
    f = write(tmp_path / "c.csv", ["y", "x"], [(1 + i % 3, i) for i in range(60)])
    (tmp_path / "m.py").write_text("def f(x): return x[:, 0] % 3\n")
    told = warnings(posed(f"{tmp_path}/m.py:f", f, Asked(target="y", baselines=False)))
    assert "0 means 1, 1 means 2, 2 means 3" in told[0]
