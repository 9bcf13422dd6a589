from types import SimpleNamespace

import numpy as np

from heldout.models.regret_matching import GAIN, RegretMatching


def seated(recall, seed=0):
    return RegretMatching(recall)(SimpleNamespace(generator=np.random.default_rng(seed)))


def test_regrets_are_those_of_the_definition():
    player, rng, context = seated(1), np.random.default_rng(1), 0
    wanted = np.zeros((9, 3))
    for _ in range(300):
        mine, theirs = player.throw(), int(rng.integers(3))
        for a in range(3):
            wanted[context, a] += GAIN[theirs][a] - GAIN[theirs][mine]
        player.see(mine, theirs)
        context = 3 * mine + theirs
    assert np.allclose(player.regret, wanted)


def test_regret_grows_no_faster_than_the_bound():
    """Against any opponent, here one that knows the odds: at most the spread of payoffs times sqrt(actions * throws)."""
    player, throws = seated(0), 1000
    for _ in range(throws):
        odds = [max(r, 0.0) for r in player.regret[0]]
        theirs = (odds.index(max(odds)) + 1) % 3
        mine = player.throw()
        player.see(mine, theirs)
    assert max(player.regret[0]) <= 2 * np.sqrt(3 * throws)


def test_it_learns_what_follows_what():
    player, last, won = seated(1), 0, 0
    for turn in range(900):
        theirs = (last + 1) % 3  # copies
        mine = player.throw()
        won += turn >= 600 and GAIN[theirs][mine] == 1
        player.see(mine, theirs)
        last = mine
    assert won > 270
