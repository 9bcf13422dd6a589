"""Writing a sequence with a model that gives the next token: the likeliest one each time, or a beam of several."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

NEVER = -1e9
"""The logarithm of a probability that is none."""


class Written(NamedTuple):
    """Sequences, best first: `tokens` (n, width, room), `end` from the first end on; `score` (n, width) log-probabilities."""

    tokens: jax.Array
    score: jax.Array


class Room(NamedTuple):
    """Where tokens go: `length` positions from `start` on; position start - 1 asks for the first.

    `end`: the token that ends a sequence. A sequence whose room is used up ends without it. The last token's position may be
    left out of the array. `kept`: what stands in the room is shown as well, and tokens are added to it.
    """

    start: int
    length: int
    end: int
    kept: bool = False


Model = Callable[[jax.Array], jax.Array]
"""(n, length, channels) to (n, length, outputs); the output at a position says what comes next."""
Shown = Callable[[jax.Array], jax.Array]
"""Tokens (n,) to what a model reads: (n, channels)."""


def greedy(model: Model, inputs: jax.Array, room: Room, shown: Shown | None = None) -> Written:
    """The likeliest token each time: a beam of one.

    `inputs` (n, length, channels): what is given, with `room`, whose contents are overwritten. `shown`: how tokens are shown to
    the model; one-hot in the first channels unless given.
    """
    return beam(model, inputs, room, 1, shown)


def beam(model: Model, inputs: jax.Array, room: Room, width: int, shown: Shown | None = None) -> Written:
    """The `width` best sequences that are found by keeping so many at every step; those with `score` below -1e8 are none.

    Arguments as for `greedy`. Exact where `width` is as large as the number of sequences one token shorter than the room.
    """
    n, length, channels = inputs.shape
    show = shown or (lambda tokens: jax.nn.one_hot(tokens, channels, dtype=inputs.dtype))
    within = (jnp.arange(length) >= room.start) & (jnp.arange(length) < room.start + room.length)
    clear = jnp.where(within[:, None] & (not room.kept), 0, inputs)
    held = jnp.repeat(clear[:, None], width, axis=1)
    first = jnp.where(jnp.arange(width) == 0, 0.0, NEVER)
    begun = Written(jnp.full((n, width, room.length), room.end, jnp.int32), jnp.broadcast_to(first, (n, width)))

    def step(at: jax.Array, carry: tuple[jax.Array, Written, jax.Array]) -> tuple[jax.Array, Written, jax.Array]:
        shown_so_far, written, ended = carry
        outputs = model(shown_so_far.reshape(n * width, length, channels))
        ask = jax.lax.dynamic_index_in_dim(outputs, room.start + at - 1, axis=1, keepdims=False)
        likely = jax.nn.log_softmax(ask.astype(jnp.float32)).reshape(n, width, -1)
        only_end = jnp.where(jnp.arange(likely.shape[-1]) == room.end, 0.0, NEVER)
        ranked = written.score[..., None] + jnp.where(ended[..., None], only_end, likely)
        score, best = jax.lax.top_k(ranked.reshape(n, -1), width)
        parent, token = best // likely.shape[-1], (best % likely.shape[-1]).astype(jnp.int32)
        tokens = jnp.take_along_axis(written.tokens, parent[..., None], axis=1).at[:, :, at].set(token)
        ended = jnp.take_along_axis(ended, parent, axis=1) | (token == room.end)
        now = show(token.reshape(-1)).reshape(n, width, channels).astype(shown_so_far.dtype)
        kept = jnp.take_along_axis(shown_so_far, parent[..., None, None], axis=1).at[:, :, room.start + at].add(now)
        return kept, Written(tokens, score), ended

    start = (held, begun, jnp.zeros((n, width), bool))
    return jax.lax.fori_loop(0, room.length, step, start)[1]
