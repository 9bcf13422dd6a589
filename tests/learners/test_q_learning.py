import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.learners.mixture import Mixture
from heldout.learners.q_learning import QLearning
from heldout.models.action_values import ActionValues
from heldout.tasks.games.bot_population import BotPopulation
from heldout.tasks.games.roshambo import BOTS

pytest.importorskip("pyspiel", reason="the bots come with heldout[games]")
KEY = words("test", "q learning")


def only(*bots):
    """A population in which these are the bots to train on."""
    return BotPopulation(throws=200, matches=2, held_out=tuple(b for b in BOTS if b not in bots))


def trained(learner, task):
    return learner.model(task, learner.advance(task, learner.start(task, KEY), learner.steps))


def test_against_a_rotation_the_values_are_those_of_the_bellman_equation():
    """One pair of throws tells what comes next: winning for ever is worth 1 / (1 - discount), a draw first, discount of it."""
    task, discount = only("rotatebot"), 0.5
    found = np.asarray(trained(QLearning(1, 100, 0.2, discount, 0.5), task).values)
    for context in range(1, 9):
        follows = (context % 3 + 1) % 3
        wanted = np.array([(a - follows + 1) % 3 - 1 for a in range(3)]) + discount / (1 - discount)
        known = [a for a in range(3) if (a, follows) != (0, 0)]  # two rocks stand for the beginning as well
        assert found[context][known] == pytest.approx(wanted[known], abs=0.02)


def test_learning_goes_on_within_a_match_only_if_wanted():
    task, split = only("rockbot"), next(s for s in BotPopulation().splits if s.name == "rockbot")
    losing = np.array([[0.0, 0.1, 1.0]] * 9)  # scissors for ever
    assert task.trials(ActionValues(losing, 1), split, KEY, 1).score[0] == -1
    assert task.trials(ActionValues(losing, 1, 0.2, 0.0), split, KEY, 1).score[0] > 0.5


def test_the_mixture_knows_deterministic_bots_and_beats_them():
    task = only("rockbot", "rotatebot", "copybot")
    model = trained(Mixture(1, 12), task)
    assert model.counts.sum() == 12 * 200
    for bot in ("rockbot", "rotatebot", "copybot"):
        split = next(s for s in task.splits if s.name == bot)
        assert task.trials(model, split, KEY, 2).score.min() > 0.9
