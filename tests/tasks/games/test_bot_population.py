import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.stats.population import aggregate_score, exploitability, population_return
from heldout.tasks.games.bot_population import HELD_OUT, BotPopulation, Uniform
from heldout.tasks.games.roshambo import BOTS, Entrant

pytest.importorskip("pyspiel", reason="the bots come with heldout[games]")
KEY = words("test", "population")
TASK = BotPopulation(throws=100, matches=2)


def split(name):
    return next(s for s in TASK.splits if s.name == name)


def test_thirty_bots_are_met_and_thirteen_are_not():
    groups = {axis: [s.group for s in TASK.splits if s.axis == axis] for axis in ("met", "unmet")}
    assert sorted(groups["met"] + groups["unmet"]) == sorted(BOTS)
    assert tuple(groups["unmet"]) == HELD_OUT
    assert len(HELD_OUT) == 13
    assert TASK.opponents(split("train")) == TASK.opponents(split("iid")) == tuple(groups["met"])
    assert {"greenberg", "iocainebot", "rockbot"} <= set(HELD_OUT)


def test_every_player_meets_the_same_bots_with_the_same_dice():
    one = TASK.trials(Uniform(), split("iid"), KEY, 2)
    other = TASK.trials(Entrant("rockbot"), split("iid"), KEY, 2)
    assert (one.item == other.item).all()
    assert (one.facts["answer"] == other.facts["answer"]).all()
    assert len(TASK.trials(Uniform(), split("iid"), KEY, 100).score) == 2


def test_the_published_leaders_lead_the_cross_table():
    table = np.array([[TASK.trials(Entrant(p), split(bot), KEY, 1).score[0] for p in BOTS] for bot in BOTS])
    returned, scores = population_return(table), aggregate_score(table)
    assert [BOTS[i] for i in np.argsort(-returned)[:2]] == ["greenberg", "iocainebot"]
    assert {"greenberg", "iocainebot"} == {BOTS[i] for i in np.argsort(-scores)[:2]}
    assert exploitability(table)[BOTS.index("rockbot")] > 0.9
    assert abs(returned[BOTS.index("randbot")]) < 0.05
