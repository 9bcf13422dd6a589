import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models import ranking
from heldout.tasks.estimation.leaderboard import Leaderboard
from heldout.tasks.interfaces import Estimation

KEY = words("leaderboard")
SAME, BEST, WHOLE = (Leaderboard(q) for q in ("same winner", "best system", "Condorcet winner"))


def split(task: Leaderboard, name: str):
    return next(s for s in task.splits if s.name == name)


def test_ranks_do_not_see_another_scale() -> None:
    assert isinstance(SAME, Estimation)
    assert SAME.trials(ranking.borda, split(SAME, "100-times"), KEY, 30).score.min() == 1.0
    assert SAME.trials(ranking.mean, split(SAME, "100-times"), KEY, 30).score.min() == 0.0


def test_who_joins_leaves_the_scores_of_the_others_alone_and_is_below_the_average() -> None:
    joined = [SAME.observe(split(SAME, "3-inserted"), KEY.split(i)) for i in range(200)]
    assert np.array_equal(joined[0][:15], SAME.before(KEY.split(0)))
    assert joined[0].shape == (18, 15)
    alike = Leaderboard(scales=0.0)
    gap = [
        np.diff([part.mean() for part in np.split(alike.observe(split(alike, "3-inserted"), KEY.split(i)), [15])])
        for i in range(200)
    ]
    assert np.mean(gap) == pytest.approx(-np.sqrt(2 / np.pi), abs=0.1)


def test_credit_is_shared_by_those_who_tie() -> None:
    everybody = BEST.trials(lambda scores, _: np.zeros(len(scores)), split(BEST, "iid"), KEY, 4)
    np.testing.assert_allclose(everybody.score, 1 / 15)
    knowing = [int(np.argmax(BEST.ability(KEY.split(i)))) for i in range(4)]
    asked = iter(knowing)
    right = BEST.trials(lambda scores, _: 1.0 * (np.arange(len(scores)) == next(asked)), split(BEST, "iid"), KEY, 4)
    assert right.score.tolist() == [1.0] * 4
    assert right.facts["answer"].tolist() == [str(k) for k in knowing]


def test_a_condorcet_winner_beats_every_other_by_count() -> None:
    only = split(WHOLE, "iid")
    seen = []
    found = WHOLE.trials(lambda scores, key: seen.append(scores) or ranking.copeland(scores, key), only, KEY, 25)
    assert found.score.min() == 1.0
    for scores, answer in zip(seen, found.facts["answer"], strict=True):
        wins = (scores[int(answer)] > np.delete(scores, int(answer), axis=0)).sum(axis=1)
        assert (wins > 15 / 2).all()


def test_tasks_measured_alike_have_one_spread() -> None:
    alike = np.stack([Leaderboard(scales=0.0).before(KEY.split(i)).std(axis=0) for i in range(100)])
    uneven = np.stack([SAME.before(KEY.split(i)).std(axis=0) for i in range(100)])
    assert np.log(alike).std() < 0.3
    assert np.log(uneven).std() > 0.8
