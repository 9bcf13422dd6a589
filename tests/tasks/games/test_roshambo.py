import sys

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.tasks.games import roshambo
from heldout.tasks.games.bot_population import Uniform
from heldout.tasks.games.roshambo import BOTS, Entrant, match, payoffs

pyspiel = pytest.importorskip("pyspiel", reason="the bots come with heldout[games]")
KEY = words("test", "roshambo")


class Always:
    def __init__(self, what):
        self.what = what

    def __call__(self, seat):
        return self

    def throw(self):
        return self.what

    def see(self, mine, theirs):
        pass


def test_the_names_are_those_of_the_package():
    assert list(BOTS) == pyspiel.roshambo_bot_names()


@pytest.mark.parametrize("bot", BOTS)
def test_a_match_is_the_same_again_whatever_was_played_between(bot):
    first = match(Uniform(), bot, 60, KEY)
    match(Uniform(), bot, 80, KEY.split("another"))
    match(Always(0), "greenberg", 60, KEY)
    assert (match(Uniform(), bot, 60, KEY) == first).all()


def test_simple_bots_do_what_their_names_say():
    rock = match(Uniform(), "rockbot", 50, KEY)
    assert set(rock[:, 1].tolist()) == {0}
    copy = match(Uniform(), "copybot", 50, KEY)
    assert ((copy[:-1, 0] + 1) % 3 == copy[1:, 1]).all()
    rotate = match(Uniform(), "rotatebot", 50, KEY)[:, 1]
    assert (np.diff(rotate) % 3 == 1).all()
    pi = match(Always(1), "pibot", 50, KEY)[:, 1]
    assert (pi == match(Always(2), "pibot", 50, KEY)[:, 1]).all()
    flat = match(Uniform(), "r226bot", 1000, KEY)[:, 1]
    assert np.bincount(flat) / 1000 == pytest.approx([0.2, 0.2, 0.6], abs=0.05)


def test_payoffs_are_those_of_the_package():
    made = match(Uniform(), "greenberg", 100, KEY)
    state = pyspiel.load_game("repeated_game(stage_game=matrix_rps(),num_repetitions=100)").new_initial_state()
    for a, b in made.tolist():
        state.apply_actions([a, b])
    assert payoffs(made).sum() == state.returns()[0]
    assert payoffs(np.array([[1, 0], [0, 2], [2, 1], [0, 1], [2, 2]])).tolist() == [1, 1, 1, -1, 0]


def test_greenberg_crushes_rock_and_nobody_earns_from_dice():
    assert payoffs(match(Entrant("greenberg"), "rockbot", 500, KEY)).mean() > 0.98
    assert abs(payoffs(match(Entrant("greenberg"), "randbot", 1000, KEY)).mean()) < 0.1


def test_what_cannot_be_played_is_refused():
    with pytest.raises(HeldoutError, match="no bot is called 'rock'"):
        match(Uniform(), "rock", 10, KEY)
    with pytest.raises(HeldoutError, match="2000 throws"):
        match(Uniform(), "rockbot", 2000, KEY)


def test_without_the_package_it_says_how_to_install_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspiel", None)
    roshambo._pyspiel.cache_clear()
    with pytest.raises(HeldoutError, match=r"pip install 'heldout\[games\]'"):
        roshambo._pyspiel()
    roshambo._pyspiel.cache_clear()
