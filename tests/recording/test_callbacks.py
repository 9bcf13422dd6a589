"""Every callback in a small training of the real package: what it records is what the package says."""

import numpy as np
import pytest

import heldout
from heldout.core import HeldoutError
from heldout.recording.callbacks.metrics import take
from heldout.store import open_store

G = np.random.default_rng(0)
X = G.normal(size=(200, 4)).astype(np.float32)
Y = (X[:, 0] + X[:, 1] > 0).astype(np.int64)


@pytest.fixture
def recorded(tmp_path):
    """A recorder's context, and what it wrote: {(split, step): value}."""

    class Kept:
        def __call__(self, **bounds):
            return heldout.record("task", "net", seed=0, store=tmp_path, **bounds)

        @property
        def values(self):
            rows = open_store(tmp_path).query("SELECT split, step, value FROM records")[1]
            return {(split, step): value for split, step, value in rows}

    return Kept()


def test_a_metric_that_was_never_logged_is_said(recorded):
    with pytest.raises(HeldoutError, match="none of the metrics val_f1 was logged: there is val_loss"), recorded() as r:
        take(r, {"val_f1": "iid"}, {"val_loss": 1.0}, 1)


def test_scikit_learn_search(tmp_path):
    from sklearn.model_selection import GridSearchCV
    from sklearn.tree import DecisionTreeClassifier

    from heldout.recording.callbacks.search import search

    found = GridSearchCV(
        DecisionTreeClassifier(random_state=0), {"max_depth": [1, 5]}, cv=5, return_train_score=True
    ).fit(X, Y)
    assert search(found, "cv", store=tmp_path) == 2
    rows = open_store(tmp_path).query("SELECT avg(value) FROM records WHERE learner = 'max_depth=5' AND split = 'iid'")[
        1
    ]
    assert rows[0][0] == pytest.approx(found.cv_results_["mean_test_score"][1])
    (verdict,) = heldout.judge(
        {"deeper": 'score(cv, "max_depth=5", "iid") > score(cv, "max_depth=1", "iid")'}, tmp_path
    )
    assert (verdict.verdict, verdict.n) == ("undecided", 4)  # five folds decide nothing


def test_xgboost(recorded):
    xgb = pytest.importorskip("xgboost")
    from heldout.recording.callbacks.xgboost import Record

    data, log = xgb.DMatrix(X, Y), {}
    with recorded() as r:
        xgb.train(
            {"objective": "binary:logistic", "eval_metric": "auc", "max_depth": 2},
            data,
            num_boost_round=4,
            evals=[(data, "test")],
            evals_result=log,
            callbacks=[Record(r, {"test-auc": "iid"})],
            verbose_eval=False,
        )
    assert recorded.values == {("iid", i + 1): pytest.approx(v) for i, v in enumerate(log["test"]["auc"])}


def test_lightgbm(recorded):
    lgb = pytest.importorskip("lightgbm")
    from heldout.recording.callbacks.lightgbm import Record

    log = {}
    data = lgb.Dataset(X, Y)
    with recorded() as r:
        lgb.train(
            {"objective": "binary", "metric": "auc", "verbose": -1, "num_threads": 1},
            data,
            num_boost_round=4,
            valid_sets=[lgb.Dataset(X, Y, reference=data)],
            valid_names=["test"],
            callbacks=[Record(r, {"test-auc": "iid"}), lgb.record_evaluation(log)],
        )
    assert recorded.values == {("iid", i + 1): pytest.approx(v) for i, v in enumerate(log["test"]["auc"])}


@pytest.mark.filterwarnings("ignore")
def test_keras(recorded, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    from heldout.recording.callbacks.keras import Record

    model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
    model.compile(loss="binary_crossentropy", metrics=["accuracy"])
    with recorded() as r:
        log = model.fit(
            X,
            Y,
            epochs=2,
            validation_data=(X, Y),
            verbose=0,
            callbacks=[Record(r, {"val_accuracy": "iid", "accuracy": "train"})],
        ).history
    assert recorded.values["iid", 2] == pytest.approx(log["val_accuracy"][-1])
    assert recorded.values["train", 1] == pytest.approx(log["accuracy"][0])


@pytest.mark.filterwarnings("ignore")
def test_lightning(recorded, tmp_path):
    lightning = pytest.importorskip("lightning.pytorch")
    torch = pytest.importorskip("torch")
    from heldout.recording.callbacks.lightning import Record

    class Net(lightning.LightningModule):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(4, 2)

        def training_step(self, batch, _):
            return torch.nn.functional.cross_entropy(self.layer(batch[0]), batch[1])

        def validation_step(self, batch, _):
            self.log("val_accuracy", (self.layer(batch[0]).argmax(-1) == batch[1]).float().mean())

        def configure_optimizers(self):
            return torch.optim.SGD(self.parameters(), 0.1)

    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(torch.tensor(X), torch.tensor(Y)), batch_size=50
    )
    net = Net()
    with recorded() as r:
        trainer = lightning.Trainer(
            max_epochs=2,
            logger=False,
            enable_checkpointing=False,
            enable_progress_bar=False,
            enable_model_summary=False,
            default_root_dir=tmp_path,
            accelerator="cpu",
            callbacks=[Record(r, {"val_accuracy": "iid"})],
        )
        trainer.fit(net, loader, loader)
    accuracy = float((net.layer(torch.tensor(X)).argmax(-1) == torch.tensor(Y)).float().mean())
    assert set(recorded.values) == {("iid", 4), ("iid", 8)}
    assert recorded.values["iid", 8] == pytest.approx(accuracy)


@pytest.mark.filterwarnings("ignore")
def test_stable_baselines3(recorded):
    sb3 = pytest.importorskip("stable_baselines3")
    gymnasium = pytest.importorskip("gymnasium")
    from heldout.recording.callbacks.stable_baselines3 import Record

    model = sb3.PPO("MlpPolicy", "CartPole-v1", n_steps=64, batch_size=64, seed=0, device="cpu")
    with recorded(bounds=(0.0, 500.0)) as r:
        model.learn(128, callback=Record(r, {"iid": gymnasium.make("CartPole-v1")}, every=64, episodes=2))
    assert set(recorded.values) == {("iid", 64), ("iid", 128)}
    assert all(1 <= v <= 500 for v in recorded.values.values())


@pytest.mark.filterwarnings("ignore")
def test_transformers(recorded, tmp_path):
    transformers = pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    pytest.importorskip("accelerate")
    from heldout.recording.callbacks.transformers import Record

    class Net(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.layer = torch.nn.Linear(4, 2)

        def forward(self, x, labels):
            logits = self.layer(x)
            return {"loss": torch.nn.functional.cross_entropy(logits, labels), "logits": logits}

    rows = [{"x": torch.tensor(x), "labels": int(y)} for x, y in zip(X, Y, strict=True)]
    options = transformers.TrainingArguments(
        str(tmp_path / "out"),
        num_train_epochs=2,
        eval_strategy="epoch",
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        disable_tqdm=True,
    )
    with recorded() as r:
        trainer = transformers.Trainer(
            Net(),
            options,
            train_dataset=rows,
            eval_dataset={"a": rows, "b": rows[:10]},
            compute_metrics=lambda p: {"accuracy": float((p.predictions.argmax(-1) == p.label_ids).mean())},
            callbacks=[Record(r, {"eval_a_accuracy": "iid"})],
        )
        trainer.train()
        last = trainer.evaluate()["eval_a_accuracy"]
    assert set(recorded.values) == {("iid", 25), ("iid", 50)}
    assert recorded.values["iid", 50] == pytest.approx(last)
