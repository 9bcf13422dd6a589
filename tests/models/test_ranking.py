import numpy as np
import pytest
from scipy.stats import rankdata

from heldout.core.seeds import words
from heldout.models import ranking
from heldout.stats.voting.points import ranks

TABLE = np.random.default_rng(4).standard_normal((6, 5))
RULES = (
    ranking.mean,
    ranking.normalised,
    ranking.borda,
    ranking.dowdall,
    ranking.plurality,
    ranking.copeland,
    ranking.minimax,
    ranking.consensus,
)


@pytest.mark.parametrize("rule", RULES)
def test_who_is_best_everywhere_wins_and_gaps_are_no_obstacle(rule) -> None:
    scores = TABLE.copy()
    scores[2] = 9.0
    scores[0, 1] = scores[2, 3] = np.nan
    assert ranks(rule(scores, words()))[2] == 1.0


@pytest.mark.parametrize("rule", [r for r in RULES if r is not ranking.mean])
def test_all_but_the_mean_are_blind_to_the_scale_of_a_task(rule) -> None:
    other = TABLE * np.array([1.0, 50.0, 1.0, 0.1, 1.0]) + 3.0
    np.testing.assert_allclose(rule(other, words()), rule(TABLE, words()))


def test_rules_by_hand() -> None:
    place = rankdata(-TABLE, axis=0)
    np.testing.assert_allclose(ranking.borda(TABLE, words()), (6 - place.mean(axis=1)) / 5)
    np.testing.assert_allclose(ranking.dowdall(TABLE, words()), (1 / place).mean(axis=1))
    np.testing.assert_allclose(ranking.plurality(TABLE, words()), (place == 1).mean(axis=1))
    wins = (TABLE[:, None] > TABLE).sum(axis=2)
    np.testing.assert_allclose(ranking.copeland(TABLE, words()), (wins > wins.T).sum(axis=1))
    np.testing.assert_allclose(
        ranking.normalised(TABLE, words()).mean(), ((TABLE - TABLE.min(0)) / np.ptp(TABLE, 0)).mean()
    )
