"""A message-passing network that follows algorithms step by step, with or without memory of earlier steps (Bohde et al., 2024)."""

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.core.errors import HeldoutError
from heldout.models.dense import Dense
from heldout.models.rnn import even
from heldout.models.transformer import Norm
from heldout.tasks.formal.traces.trace import Problem, Shape, State

History = Literal["kept", "forgotten", "gated"]


class Said(NamedTuple):
    """What is predicted of the next state of one problem: logits of pointers (n, n) and masks (n, kinds), and numbers.

    `gate`: (n, width) how far memory was let in, where there is a gate; else nothing.
    """

    pointers: jax.Array
    masks: jax.Array
    numbers: jax.Array
    gate: jax.Array


class MessagePassingNet(eqx.Module):
    """Encodes problem and state, passes messages along edges once, keeps the largest of each kind, predicts the next state."""

    nodes: Dense
    edges: Dense
    send: Dense
    receive: Dense
    own: Dense
    heard: Dense
    norm: Norm
    gate: Dense | None
    told: Dense
    point_from: Dense
    point_to: Dense
    point_along: Dense
    pointed: Dense
    history: History = eqx.field(static=True)
    hints: bool = eqx.field(static=True)
    shape: Shape = eqx.field(static=True)

    def start(self, nodes: int) -> jax.Array:
        """The memory before the first step."""
        return jnp.zeros((nodes, self.own.bias.shape[0]))

    def step(self, problem: Problem, state: State, memory: jax.Array) -> tuple[jax.Array, Said]:
        """The memory (n, width) after a step of one problem, and the state that it predicts."""
        count = len(problem.nodes)
        shown = [problem.nodes, state.masks, state.numbers]
        seen = self.nodes(jnp.concatenate(shown, -1))
        pointing = jax.nn.one_hot(state.pointers, count)
        pairs = self.edges(jnp.concatenate([problem.edges, pointing[..., None], pointing.T[..., None]], -1))
        gate = jnp.zeros((count, 0))
        if self.gate is not None:
            gate = jax.nn.sigmoid(self.gate(jnp.concatenate([seen, memory], -1)))
            memory = gate * memory
        known = seen if self.history == "forgotten" else jnp.concatenate([seen, memory], -1)
        messages = jax.nn.relu(self.send(known)[:, None] + self.receive(known)[None] + pairs)
        linked = (problem.edges[..., 0] > 0) | jnp.eye(count, dtype=bool)
        heard = jnp.where(linked[..., None], messages, 0.0).max(0)
        hidden = self.norm(jax.nn.relu(self.own(known) + self.heard(heard)))
        return hidden, self._said(hidden, pairs, gate)

    def _said(self, hidden: jax.Array, pairs: jax.Array, gate: jax.Array) -> Said:
        ends = self.point_from(hidden)[:, None] + self.point_to(hidden)[None] + self.point_along(pairs)
        told, kinds = self.told(hidden), len(self.shape.one_of)
        return Said(self.pointed(jax.nn.relu(ends))[..., 0], told[:, :kinds], told[:, kinds:], gate)

    def __call__(self, problem: Problem, first: State, steps: int) -> State:
        """The states of many problems after so many steps, each step made from what the one before predicted."""

        def forward(_: int, carry: tuple[State, jax.Array]) -> tuple[State, jax.Array]:
            state, memory = carry
            memory, said = jax.vmap(self.step)(problem, state if self.hints else first, memory)
            return self.decided(said), memory

        memory = jax.vmap(lambda x: self.start(len(x)))(problem.nodes)
        return jax.lax.fori_loop(0, steps, forward, (first, memory))[0]

    def decided(self, said: Said) -> State:
        """(batch, n, ...) the likeliest states: one node for pointers and masks that mark one, the likelier of 0 and 1 for others."""
        masks = [
            jax.nn.one_hot(said.masks[..., i].argmax(-1), said.masks.shape[1]) if one else said.masks[..., i] > 0
            for i, one in enumerate(self.shape.one_of)
        ]
        return State(said.pointers.argmax(-1), jnp.stack(masks, -1).astype(jnp.float32), said.numbers)


@dataclass(frozen=True)
class MessagePassing:
    """`width` numbers per node and pair. `history`: what a step knows of the hidden state before it: all, nothing, or what a gate lets in.

    `hints`: whether a step is shown the state predicted before; without, it always sees the first state.
    """

    width: int = 16
    history: History = "kept"
    hints: bool = True

    def __post_init__(self) -> None:
        if self.history not in ("kept", "forgotten", "gated"):
            raise HeldoutError(f"no history is {self.history!r}: there is kept, forgotten, gated")
        if self.history == "forgotten" and not self.hints:
            raise HeldoutError("a network with neither history nor hints stands still: give it one of them")

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"MPNN {self.width}, history {self.history}" + ("" if self.hints else ", no hints")

    def build(self, key: Any, shape: Shape) -> MessagePassingNet:
        """An untrained network for problems and states of this shape, with any number of nodes."""
        width, kinds = self.width, len(shape.one_of)
        known = width if self.history == "forgotten" else 2 * width
        shapes = [
            (shape.nodes + kinds + shape.numbers, width),
            (shape.edges + 2, width),
            *[(known, width)] * 3,
            (width, width),
            (width, kinds + shape.numbers),
            *[(width, width)] * 3,
            (width, 1),
            (2 * width, width),
        ]
        nodes, edges, send, receive, own, heard, told, *pointing, gate = (Dense(w) for w in even(key, shapes))
        norm = Norm(jnp.ones(width), jnp.zeros(width))
        gated = gate if self.history == "gated" else None
        parts = (nodes, edges, send, receive, own, heard, norm, gated, told, *pointing)
        return MessagePassingNet(*parts, self.history, self.hints, shape)  # pyright: ignore[reportCallIssue]
