import numpy as np
import pytest

from heldout.models.mixture_response import MixtureResponse
from heldout.models.recall import contexts, following


def test_contexts_are_told_apart_by_the_last_throws_only():
    seen = set()
    for a in range(9):
        for b in range(9):
            context = following(following(5, 2, a // 3, a % 3), 2, b // 3, b % 3)
            assert context == following(following(77, 2, a // 3, a % 3), 2, b // 3, b % 3)
            seen.add(context)
    assert seen == set(range(contexts(2)))


def test_weights_are_bayes_rule():
    rng = np.random.default_rng(0)
    counts = rng.integers(0, 20, size=(4, 9, 3))
    player = MixtureResponse(counts, 1)(None)
    chances = (counts + 0.5) / (counts + 0.5).sum(-1, keepdims=True)
    likelihood, context = np.ones(4), 0
    for _ in range(40):
        predicted = (likelihood / likelihood.sum()) @ chances[:, context]
        gains = [predicted[(a + 2) % 3] - predicted[(a + 1) % 3] for a in range(3)]
        mine, theirs = player.throw(), int(rng.integers(3))
        assert gains[mine] == pytest.approx(max(gains))
        likelihood *= chances[:, context, theirs]
        player.see(mine, theirs)
        context = 3 * mine + theirs
    assert np.allclose(player.weights, likelihood / likelihood.sum())
