from types import SimpleNamespace

import pytest

import heldout
from heldout.core import HeldoutError
from heldout.measures.churn import churn, disagreement


def test_churn_is_the_share_answered_differently():
    assert disagreement([{1: "a", 2: "b", 3: "c", 4: "d"}, {1: "a", 2: "x", 3: "c", 4: "d"}]) == 0.25


def test_only_shared_instances_count():
    assert disagreement([{1: "a", 2: "b"}, {2: "b", 3: "c"}]) == 0.0
    assert disagreement([{1: "a"}, {2: "b"}]) != disagreement([{1: "a"}, {2: "b"}])  # NaN: nothing to compare


def test_it_is_a_measure_of_pairs_of_seeds():
    task, learner = SimpleNamespace(name="digits"), SimpleNamespace(name="cnn")
    found = churn(task, learner)
    assert found.text == "churn(digits, cnn, iid)"
    assert (found.block, found.bounds) == (2, (0.0, 1.0))
    with pytest.raises(HeldoutError):
        bool(found)


def test_it_and_the_measures_of_gaps_are_public_names():
    assert heldout.churn is churn
    assert {"churn", "halving", "slope", "hardest", "forgetting"} <= set(dir(heldout))
