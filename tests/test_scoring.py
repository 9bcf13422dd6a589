import numpy as np
import pytest
from sklearn.metrics import accuracy_score

from heldout.core import HeldoutError, seeds
from heldout.core.discover import fetch
from heldout.lab import Options, conduct
from heldout.learners.fitted import Fitted
from heldout.scoring import Asked, breaking, learner_called, scored, task_called
from heldout.scoring.page import sentences
from heldout.store import open_store

FILE = """
import numpy as np
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

pipeline = make_pipeline(StandardScaler(), GaussianNB())

class Means:
    def fit(self, x, y):
        self.means = np.array([x[y == c].astype(float).mean(axis=0) for c in range(10)])
        return self

    def predict(self, x):
        return ((x[:, None] - self.means) ** 2).sum(axis=2).argmin(axis=1)

def build():
    return GaussianNB()

def brightest(images):
    return (images.reshape(len(images), -1).argmax(axis=1) * 10) // 64

def needs(x, y):
    return x

class Arguments:
    def __init__(self, a): ...
    def fit(self, x, y): ...
    def predict(self, x): ...

def far(images):
    return np.full(len(images), 12)

def wrong(images):
    return np.zeros((3, 10))

def heavy(images):
    return np.full((len(images), 10), 0.5)

def raises(images):
    raise RuntimeError("out of memory\\nhere")

def nothing(images):
    return np.full((len(images), 10), np.nan)
"""


@pytest.fixture
def models(tmp_path):
    path = tmp_path / "models.py"
    path.write_text(FILE)
    return lambda name: f"{path}:{name}"


def run(model, tmp_path, **asked):
    study = scored(model, "corruptions:digits", Asked(baselines=False, **({"axes": ("noise",), "seeds": 2} | asked)))
    return conduct(study, open_store(tmp_path / "store"), Options(workers=1))


def test_the_scores_of_an_estimator_are_those_of_scikit_learns_own_metrics(models, tmp_path):
    result = run(models("pipeline"), tmp_path)
    task = task_called("corruptions:digits")
    train = next(s for s in task.splits if s.train)
    words = seeds.words("any")
    known = task.questions(train, words, 10**6)
    fitted = learner_called(models("pipeline"))
    model = fetch(models("pipeline")).fit(known.inputs.reshape(len(known.inputs), -1), known.targets)
    assert isinstance(fitted, Fitted)
    seen = 0
    for row in result.scores:
        split = next((s for s in task.splits if s.name == row.split), None)
        if split is None or row.probe != "score":
            continue
        asked = task.questions(split, words, 10**6)
        mine = accuracy_score(asked.targets, model.predict(asked.inputs.reshape(len(asked.inputs), -1)))
        assert row.estimate == pytest.approx(mine if not split.train else row.estimate)
        seen += 1
    assert seen >= 16


def test_seeds_of_a_fitted_estimator_differ_and_repeat(tmp_path):
    reference = "sklearn.tree:ExtraTreeClassifier"
    result = run(reference, tmp_path, seeds=3)
    (row,) = [r for r in result.scores if r.split == "iid" and r.probe == "score"]
    assert row.n == 3
    assert row.low < row.estimate < row.high
    again = run(reference, tmp_path / "other", seeds=3)
    assert again.scores == result.scores


def test_a_function_is_asked_item_by_item(models, tmp_path):
    result = run(models("brightest"), tmp_path)
    (row,) = [r for r in result.scores if r.split == "iid" and r.probe == "score"]
    assert (row.unit, row.n) == ("item", 250)
    assert run(models("brightest"), tmp_path).cells_run == 0


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("far", "label 12: the task has 0 to 9"),
        ("wrong", r"shape \(3, 10\): it must give one row per input"),
        ("heavy", "sum to 5, not to 1"),
        ("raises", "raises RuntimeError .*: out of memory$"),
        ("Arguments", "needs arguments"),
        ("absent", "defines no `absent`"),
    ],
)
def test_what_is_wrong_with_a_model_is_one_line(models, tmp_path, name, said):
    with pytest.raises(HeldoutError, match=said) as error:
        run(models(name), tmp_path)
    assert "\n" not in str(error.value)


def test_answers_that_are_no_numbers_score_the_worst_and_are_counted(models, tmp_path):
    result = run(models("nothing"), tmp_path)
    assert result.diverged == 1
    assert {r.estimate for r in result.scores if r.probe == "score"} == {0.0}


@pytest.mark.parametrize(
    ("task", "said"),
    [
        ("digits", "write STUDY:TASK"),
        ("corruptions:letters", "no task 'letters': it has 'digits'"),
        ("cart-pole:cart-pole", "cannot be put|has no task"),
        ("corrupions:digits", "did you mean corruptions"),
    ],
)
def test_a_task_that_cannot_be_asked_about_is_said(task, said):
    with pytest.raises(HeldoutError, match=said):
        task_called(task)


def test_an_unknown_axis_is_said():
    with pytest.raises(HeldoutError, match="no axis 'rain': it has noise, blur"):
        scored("sklearn.svm:SVC", "corruptions:digits", Asked(axes=("rain",)))


def test_where_a_model_breaks_is_worked_out_from_its_units(models, tmp_path):
    study = scored("sklearn.tree:DecisionTreeClassifier", "corruptions:digits", Asked(("noise", "blur"), 250, 6, False))
    store = open_store(tmp_path / "store")
    result = conduct(study, store, Options(workers=1))
    (found,) = breaking(study, store)
    by_name = {(r.split, r.group, r.level): r.estimate for r in result.scores if r.probe == "score"}
    assert found.iid.estimate == pytest.approx(by_name["iid", None, None])
    for axis in found.axes:
        splits = [s for s in study.tasks[0].splits if s.axis == axis.name]
        scores = {s.name: by_name[s.name, s.group, s.level] for s in splits}
        assert axis.gap.estimate == pytest.approx(found.iid.estimate - axis.score.estimate)
        assert axis.worst == (min(scores, key=scores.__getitem__), pytest.approx(min(scores.values())))
    gaps = [a.gap.estimate for a in found.axes]
    assert found.order.order[0] == int(np.argmax(gaps))
    assert f"loses most along {found.axes[found.order.order[0]].name}" in next(sentences(found))


def test_fits_that_never_differ_are_one_fit(models, tmp_path):
    study = scored(models("Means"), "corruptions:digits", Asked(("noise", "blur"), 250, 6, False))
    store = open_store(tmp_path / "store")
    conduct(study, store, Options(workers=1))
    (found,) = breaking(study, store)
    assert found.n == 1
    assert found.order is None
    assert np.isnan(found.iid.low)
