import numpy as np
from scipy.special import expit

from heldout.core.seeds import words
from heldout.models import template_agent as agents

KEY, DIFFICULTY = words("agents"), np.repeat(np.linspace(-3, 3, 25), 4_000).reshape(25, -1)


def test_the_bold_answer_everything_as_well_as_their_skill_says():
    codes = agents.middling_bold(DIFFICULTY, KEY)
    chance = expit(0.5 - DIFFICULTY[:, 0])
    assert (codes != 0).all()
    assert (np.abs((codes == 1).mean(axis=1) - chance) < 4 * np.sqrt(0.25 / 4_000)).all()


def test_the_careful_decline_below_break_even_and_so_lose_nothing():
    codes = agents.middling_careful(DIFFICULTY, KEY)
    assert ((codes == 0) == (expit(0.5 - DIFFICULTY) < 2 / 3)).all()
    bold = agents.middling_bold(DIFFICULTY, KEY)
    assert (codes[codes != 0] == bold[codes != 0]).all()
    assert (np.where(codes < 0, -2, codes).mean(axis=1) > -0.1).all()


def test_the_overconfident_decline_less():
    declined = [int((a(DIFFICULTY, KEY) == 0).sum()) for a in (agents.able_careful, agents.able_overconfident)]
    assert 0 < declined[1] < declined[0]
