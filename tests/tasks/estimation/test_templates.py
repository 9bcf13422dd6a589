import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models import template_agent as agents
from heldout.tasks.estimation.templates import Templates

KEY = words("templates")


def test_metrics_are_those_of_the_codes():
    right, declines, wrong = (lambda d, _k, v=v: np.full(d.shape, v) for v in (1, 0, -1))
    split = Templates().splits[0]
    for agent, reliability, success, confidence in ((right, 1, 1, 1), (declines, 0, 0, 0), (wrong, -2, 0, 0)):
        for question, value in (("reliability", reliability), ("success", success), ("confidence", confidence)):
            assert Templates(question).trials(agent, split, KEY, 3).score.tolist() == [value] * 3
        assert Templates("instability").trials(agent, split, KEY, 3).score.tolist() == [0.0] * 3


def test_all_agents_are_asked_the_same():
    one, other = Templates(), Templates("success")
    assert (one.observe(one.splits[0], KEY) == other.observe(other.splits[0], KEY)).all()
    assert one.observe(one.splits[1], KEY).shape == (40, 20)


def test_the_truth_is_what_many_assessments_say():
    task = Templates()
    found = task.trials(agents.able_bold, task.splits[0], KEY, 400).score
    assert task.truth(agents.able_bold) == pytest.approx(found.mean(), abs=5 * found.std() / 20)


def test_intervals_mostly_cover():
    task = Templates("coverage")
    assert task.trials(agents.able_bold, task.splits[0], KEY, 100).score.mean() > 0.85
