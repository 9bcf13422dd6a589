import jax
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from heldout.core import TRAIN
from heldout.core.seeds import words
from heldout.learners.domains.on_table import OnTable, _divided, _rows, _scale, networks
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.linear import Linear
from heldout.tasks.domains import Domains
from heldout.tasks.tabular.table import Table

KEY = words("a seed")
PLAIN = Supervised(Linear(), 600, 64, AdamW(0.03, decay=0.0, schedule="cosine"))


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """Three wards of unequal size; `age` has empty cells, `flat` one value."""
    g = np.random.default_rng(0)
    ward, age, lab = g.choice(3, 900, p=(0.6, 0.3, 0.1)), g.normal(50, 9, 900), g.normal(0, 2, 900)
    died = g.random(900) < 1 / (1 + np.exp(-(0.1 * (age - 50) + lab)))
    cost = 3 * lab + 0.5 * age + g.normal(0, 1, 900)
    path = tmp_path_factory.mktemp("table") / "wards.csv"
    rows = [
        f"{'' if i % 50 == 7 else round(age[i], 3)},{lab[i]:.3f},1,{'abc'[ward[i]]},{cost[i]:.4f},{int(died[i])}"
        for i in range(900)
    ]
    path.write_text("age,lab,flat,ward,cost,died\n" + "\n".join(rows) + "\n")
    return path


def rows_of(task, fold=""):
    domains = task.by_domain(fold)
    scale = _scale(domains, task.loss)
    part = _divided(domains, scale, None)
    return part, _rows(part, 2, (len(part[0]) + 5, max(map(len, part[2])) + 3), task)


def test_domains_are_the_rows_of_training_and_the_one_asked_about_is_not_among_them(path):
    task = Table(path, "died", "ward", ("age", "lab", "flat"))
    whole = {tuple(i) for i in task.training(KEY).item.tolist()}
    parts = [{tuple(i) for i in d.item.tolist()} for d in task.by_domain()]
    assert len(parts) == 3
    assert set.union(*parts) == whole
    assert sum(map(len, parts)) == len(whole)
    left = [{tuple(i) for i in d.item.tolist()} for d in task.by_domain("ward=b")]
    assert left == [parts[0], parts[2]]
    (only,) = Table(path, "died", "age", ("lab",)).by_domain()
    assert len(only.targets) == len(Table(path, "died", "age", ("lab",)).training(KEY).targets)


def test_rows_are_drawn_alike_whatever_their_domain_and_never_what_fills_up(path):
    part, rows = rows_of(Table(path, "died", "ward", ("lab",)))
    assert isinstance(rows, Domains)
    values, _, every, _ = part
    batch = jax.jit(lambda: rows.draw(TRAIN, jax.random.key(0), 40_000))()
    drawn = np.unique(np.asarray(batch.inputs)[:, 0])
    assert set(drawn) <= set(values[:, 0])
    assert len(drawn) > 0.98 * len(np.unique(values[:, 0]))
    middle = np.isin(np.asarray(batch.inputs)[:, 0], values[every[1], 0]).mean()
    assert middle == pytest.approx(len(every[1]) / len(values), abs=0.03)
    one = jax.jit(lambda: rows.draw_domain(2, jax.random.key(1), 500))()
    assert set(np.asarray(one.inputs)[:, 0]) <= set(values[every[2], 0])


def test_a_linear_network_is_logistic_regression_with_and_without_a_ward(path):
    task = Table(path, "died", "ward", ("age", "lab", "flat"))
    learner = OnTable(PLAIN)
    model = learner.model(task, learner.advance(task, learner.start(task, KEY), 1))
    asked = task.questions(next(s for s in task.splits if s.name == "iid"), KEY, 10**6)
    for fold in ("", "ward=a"):
        data = task.training(KEY, fold)
        middle = np.nanmedian(data.inputs, axis=0)
        theirs = LogisticRegression(C=1e6).fit(
            (np.where(np.isnan(data.inputs), middle, data.inputs) - middle) / 5, data.targets
        )
        wanted = theirs.predict_proba((np.where(np.isnan(asked.inputs), middle, asked.inputs) - middle) / 5)
        found = model.fold(fold or "iid")(asked.inputs)
        assert found.sum(1) == pytest.approx(np.ones(len(found)), abs=1e-5)
        assert np.abs(found - wanted).mean() < 0.03


def test_numbers_come_back_in_their_own_units(path):
    task = Table(path, "cost", "ward", ("age", "lab"))
    learner = OnTable(PLAIN, "best")
    model = learner.model(task, learner.advance(task, learner.start(task, KEY), 1))
    data, asked = task.training(KEY), task.questions(task.splits[1], KEY, 10**6)
    full = ~np.isnan(asked.inputs).any(1)
    whole = ~np.isnan(data.inputs).any(1)
    theirs = LinearRegression().fit(data.inputs[whole], data.targets[whole]).predict(asked.inputs[full])
    assert np.abs(model(asked.inputs[full]) - theirs).mean() < 0.15 * theirs.std()


def test_what_chooses_the_step_is_a_quarter_of_each_domain_and_not_trained_on(path):
    task = Table(path, "died", "ward", ("lab",))
    domains = task.by_domain("ward=c")
    _, _, trained, kept = _divided(domains, _scale(domains, task.loss), KEY)
    for one, other, domain in zip(trained, kept, domains, strict=True):
        assert not set(one) & set(other)
        assert len(one) + len(other) == len(domain.targets)
        assert len(other) == pytest.approx(len(domain.targets) / 4, abs=1)
    _, _, all_of_it, same = _divided(domains, _scale(domains, task.loss), None)
    assert all_of_it is same


def test_networks_say_their_rule_and_those_that_need_domains_stay_away_without(path):
    with_domains, without = (Table(path, "died", shift, ("lab",)) for shift in ("ward", None))
    names = [n.name for n in networks(with_domains, "best")]
    assert names == [f"net: {m}, best" for m in ("ERM", "group DRO", "IRM", "Fish", "SAM", "averaged")]
    assert [n.name for n in networks(without)] == [f"net: {m}, last" for m in ("ERM", "SAM", "averaged")]
