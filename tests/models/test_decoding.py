"""Greedy and beam search against every sequence there is."""

from itertools import product

import equinox as eqx
import jax
import numpy as np
import pytest

from heldout.models.decoder import Decoder
from heldout.models.decoding import Room, Written, beam, greedy

WORDS, END, START = 3, 2, 4
ROOM = Room(START, 3, END)
MODEL = eqx.filter_jit(Decoder(8, 1, 2).build(jax.random.key(3), (START + ROOM.length, WORDS + 1), WORDS))
RNG = np.random.default_rng(0)


def given(n=4):
    """A few questions, with room for the answer."""
    asked = np.eye(WORDS + 1, dtype=np.float32)[RNG.integers(WORDS + 1, size=(n, START))]
    return np.pad(asked, ((0, 0), (0, ROOM.length), (0, 0)))


def ask(x, position):
    """The log-probabilities of what comes after a position: (n, words)."""
    outputs = np.asarray(MODEL(np.resize(x, (4, *x.shape[1:]))), float)[: len(x), position]
    return outputs - np.log(np.exp(outputs).sum(-1, keepdims=True))


def likelihood(x, sequence):
    """The log-probability of one sequence, up to its first end, for every question."""
    length = sequence.index(END) + 1 if END in sequence else len(sequence)
    total = np.zeros(len(x))
    shown = np.array(x)
    for i, token in enumerate(sequence[:length]):
        total += ask(shown, START + i - 1)[:, token]
        shown[:, START + i] = np.eye(WORDS + 1)[token]
    return total


def searched(x, width, room=ROOM):
    """A search, as NumPy arrays."""
    return Written(*map(np.asarray, beam(MODEL, x, room, width)))


def every(x):
    """All sequences, `END` from the first end on, with their log-probabilities: (sequences, questions)."""
    shapes = [s for s in product(range(WORDS), repeat=ROOM.length) if END not in s or set(s[s.index(END) :]) == {END}]
    return shapes, np.array([likelihood(x, s) for s in shapes])


def test_a_beam_that_holds_everything_is_an_exhaustive_search():
    x = given()
    shapes, scores = every(x)
    found = searched(x, WORDS ** (ROOM.length - 1))
    order = np.argsort(-scores, axis=0)[: found.score.shape[1]]
    assert np.allclose(found.score, np.take_along_axis(scores, order, 0).T, atol=1e-4)
    assert [list(map(tuple, one)) for one in found.tokens.tolist()] == [[shapes[i] for i in row] for row in order.T]
    assert np.exp(scores).sum(0) == pytest.approx(1.0, abs=1e-4)


def test_a_narrow_beam_reports_true_likelihoods_in_falling_order():
    x = given()
    found = searched(x, 2)
    for i in range(len(x)):
        for tokens, score in zip(found.tokens[i], found.score[i], strict=True):
            assert likelihood(x[i : i + 1], tokens.tolist())[0] == pytest.approx(score, abs=1e-4)
    assert (np.diff(found.score, axis=1) <= 0).all()


def test_greedy_takes_the_likeliest_token_each_time():
    x = given()
    found = np.asarray(greedy(MODEL, x, ROOM).tokens)
    for i in range(len(x)):
        shown, wanted = np.array(x[i : i + 1]), []
        for at in range(ROOM.length):
            token = END if END in wanted else int(ask(shown, START + at - 1).argmax())
            shown[:, START + at] = np.eye(WORDS + 1)[token]
            wanted.append(token)
        assert found[i, 0].tolist() == wanted


def test_what_stands_in_the_room_is_not_read():
    x = given()
    spoilt = x.copy()
    spoilt[:, START:, 0] = 1.0
    assert np.array_equal(searched(x, 3).tokens, searched(spoilt, 3).tokens)


def test_there_are_no_more_sequences_than_there_are():
    found = searched(given(), 5, Room(START, 1, END))
    assert ((found.score > -1e8).sum(1) == WORDS).all()


def test_tokens_can_be_shown_otherwise_and_searches_mapped():
    x = np.stack([given(), given()])
    one_up = lambda t: jax.nn.one_hot((t + 1) % WORDS, WORDS + 1)  # noqa: E731
    found = jax.jit(jax.vmap(lambda x: beam(MODEL, x, ROOM, 2, one_up)))(x)
    assert found.tokens.shape == (2, 4, 2, ROOM.length)
    alone = beam(MODEL, x[1], ROOM, 2, one_up)
    assert np.array_equal(found.tokens[1], alone.tokens)
    assert not np.allclose(alone.score, searched(x[1], 2).score)
