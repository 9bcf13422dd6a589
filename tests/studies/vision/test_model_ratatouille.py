from types import SimpleNamespace

import jax
import numpy as np
import pytest

from heldout.claims import least
from heldout.core import Snapshot
from heldout.core.cell import grid
from heldout.learners.soup import Soup
from heldout.models.mlp import MLP
from heldout.studies.vision.model_ratatouille import (
    auxiliary,
    everyday,
    members,
    plain,
    ratatouille,
    recycled,
    study,
    targets,
)
from heldout.tasks.vision.styles import PACS

KEY = jax.random.key(0)
TASK = targets[0]


def test_no_style_of_the_targets_and_no_digit_of_theirs_is_pretrained_on():
    for task in (everyday, *auxiliary):
        assert not set(task.domains) & set(PACS)
        assert task.data != TASK.data
    assert len({(task.sources, task.labels) for task in auxiliary}) == len(auxiliary) == len(plain.starts)


def test_both_averages_have_as_many_members_trained_as_long_from_one_head():
    assert (plain.learner, plain.head, len(plain.starts)) == (
        ratatouille.learner,
        ratatouille.head,
        len(ratatouille.starts),
    )
    assert len(set(plain.starts)) == 1
    assert [(t.task, t.learner) for t in ratatouille.starts] == [(task, recycled) for task in auxiliary]


def test_pretraining_is_done_once_for_all_targets():
    assert len(grid(study)) == 1 + len(auxiliary) + 3 * len(targets)


def test_members_are_counted_as_by_hand():
    models = [MLP(8, 1).build(jax.random.key(i), TASK.inputs, TASK.outputs) for i in (1, 2, 3)]
    stacked = jax.tree.map(lambda *leaves: jax.numpy.stack(leaves), *models)
    soup = jax.tree.map(lambda leaf: leaf.mean(0), stacked)
    learner = Soup(ratatouille.learner, tuple(models))
    split = TASK.splits[-1]
    found = members(Snapshot(TASK, learner, SimpleNamespace(model=stacked), soup, 1), split, KEY, 64)
    batch = TASK.draw(split, KEY, 64)
    outputs = np.stack([np.asarray(m(batch.inputs)) for m in models])
    answers, right = outputs.argmax(-1), np.asarray(batch.targets)
    shares = np.exp(outputs) / np.exp(outputs).sum(-1, keepdims=True)
    pairs = [(answers[i] != answers[j]).mean() for i, j in ((0, 1), (0, 2), (1, 2))]
    assert found["alone"] == pytest.approx((answers == right).mean(), abs=1e-6)
    assert found["disagreement"] == pytest.approx(np.mean(pairs), abs=1e-6)
    assert found["ensemble"] == pytest.approx((shares.mean(0).argmax(-1) == right).mean(), abs=1e-6)
    assert found["soup"] == pytest.approx((np.asarray(soup(batch.inputs)).argmax(-1) == right).mean(), abs=1e-6)


def test_a_network_alone_is_its_only_member():
    model = MLP(8, 1).build(KEY, TASK.inputs, TASK.outputs)
    state = SimpleNamespace(model=model)
    found = members(Snapshot(TASK, ratatouille.learner, state, model, 1), TASK.splits[-1], KEY, 64)
    assert found["alone"] == found["soup"] == found["ensemble"]
    assert found["disagreement"] == 0


def test_every_claim_could_be_decided_within_the_budget():
    for name in study.claims:
        assert least(study.claims, name, study.budget) is not None
