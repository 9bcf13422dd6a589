"""The worked examples run, and say what the docs say they do."""

import importlib.util
from pathlib import Path

import pytest

from heldout.lab import Options, conduct
from heldout.scoring import Asked, breaking, predicted, scored
from heldout.store import open_store

EXAMPLES = Path(__file__).parents[1] / "examples"


def example(name):
    spec = importlib.util.spec_from_file_location(f"example_{name}", EXAMPLES / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_clinics_strange_hospital_is_found(tmp_path):
    path = tmp_path / "clinic.csv"
    path.write_text(example("clinic").clinic())
    features = ("age", "pressure", "lab", "sex")
    asked = Asked(target="died", shift="hospital", features=features, seeds=1, baselines=False)
    study, store = scored("heldout.learners.baselines:linear_classifier", str(path), asked), open_store(tmp_path / "s")
    conduct(study, store, Options(workers=1))
    (found,) = breaking(study, store)
    assert found.axes[0].worst[0] == "hospital=E"
    assert found.axes[0].worst[1] < found.iid.estimate - 0.05
    guessed = predicted(str(path), Asked(target="died", shift="hospital", prediction="risk"))
    conduct(guessed, store, Options(workers=1))
    assert breaking(guessed, store)[0].axes[0].worst[0] == "hospital=E"


def test_the_recorded_loop_reaches_verdicts(tmp_path):
    found = example("loop").main(8, str(tmp_path))
    assert found[0].verdict == "supported"
    assert {v.unit for v in found} == {"seed"}


def test_the_pytorch_network_builds_and_trains():
    torch = pytest.importorskip("torch")
    cnn = example("cnn")
    net = cnn.train(steps=2)
    assert net(torch.zeros(3, 8, 8)).shape == (3, 10)
