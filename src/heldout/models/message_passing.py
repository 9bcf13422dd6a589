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
    """Encodes problem and state, passes messages along edges once, keeps the largest of each kind, predicts the next state.

    `edges` encodes pairs for messages and for pointers; `known` makes of a node what it sends, receives and keeps; `told` reads
    both ends of pointers, masks and numbers from it. One layer for all of these compiles twice as fast as one for each.
    """

    nodes: Dense
    edges: Dense
    known: Dense
    heard: Dense
    norm: Norm
    gate: Dense | None
    told: Dense
    pointed: Dense
    history: History = eqx.field(static=True)
    hints: bool = eqx.field(static=True)
    soft: bool = eqx.field(static=True)
    shape: Shape = eqx.field(static=True)

    def start(self, nodes: int) -> jax.Array:
        """The memory before the first step."""
        return jnp.zeros((nodes, self.heard.bias.shape[0]))

    def step(self, problem: Problem, state: State, memory: jax.Array) -> tuple[jax.Array, Said]:
        """The memory (n, width) after a step of one problem, and the state that it predicts."""
        count = len(problem.nodes)
        seen = self.nodes(jnp.concatenate([problem.nodes, state.masks, state.numbers], -1))
        pointing = _rows(state.pointers, count)
        pairs = self.edges(jnp.concatenate([problem.edges, pointing[..., None], pointing.T[..., None]], -1))
        along, link = jnp.split(pairs, 2, axis=-1)
        gate = jnp.zeros((count, 0))
        if self.gate is not None:
            gate = jax.nn.sigmoid(self.gate(jnp.concatenate([seen, memory], -1)))
            memory = gate * memory
        known = seen if self.history == "forgotten" else jnp.concatenate([seen, memory], -1)
        send, receive, own = jnp.split(self.known(known), 3, axis=-1)
        messages = jax.nn.relu(send[:, None] + receive[None] + along)
        linked = (problem.edges[..., 0] > 0) | jnp.eye(count, dtype=bool)
        heard = jnp.where(linked[..., None], messages, 0.0).max(0)
        hidden = self.norm(jax.nn.relu(own + self.heard(heard)))
        return hidden, self._said(hidden, link, gate)

    def _said(self, hidden: jax.Array, link: jax.Array, gate: jax.Array) -> Said:
        width, kinds = hidden.shape[-1], len(self.shape.one_of)
        tail, head, masks, numbers = jnp.split(self.told(hidden), [width, 2 * width, 2 * width + kinds], axis=-1)
        ends = tail[:, None] + head[None] + link
        return Said(self.pointed(jax.nn.relu(ends))[..., 0], masks, numbers, gate)

    def __call__(self, problem: Problem, first: State, steps: int) -> State:
        """The states of many problems after so many steps, each step made from what the one before predicted."""
        first = self.shown(first)

        def forward(_: int, carry: tuple[State, jax.Array]) -> tuple[State, jax.Array]:
            state, memory = carry
            memory, said = jax.vmap(self.step)(problem, state if self.hints else first, memory)
            return self.passed(said), memory

        memory = jax.vmap(lambda x: self.start(len(x)))(problem.nodes)
        return self.decided(jax.lax.fori_loop(0, steps, forward, (first, memory))[0])

    def shown(self, state: State) -> State:
        """A true state in the form in which predicted ones are passed on."""
        return state._replace(pointers=_rows(state.pointers, state.pointers.shape[-1])) if self.soft else state

    def passed(self, said: Said) -> State:
        """What a step hands on to the next: how likely each node and mask is, or just the likeliest."""
        state = self.likely(said)
        return state if self.soft else self.decided(state)

    def likely(self, said: Said) -> State:
        """(..., n, n) probabilities of pointers and (..., n, kinds) of masks."""
        masks = [
            jax.nn.softmax(said.masks[..., i], -1) if one else jax.nn.sigmoid(said.masks[..., i])
            for i, one in enumerate(self.shape.one_of)
        ]
        return State(jax.nn.softmax(said.pointers), jnp.stack(masks, -1), said.numbers)

    def decided(self, state: State) -> State:
        """The likeliest states: one node for pointers and masks that mark one, the likelier of 0 and 1 for others."""
        masks = [
            jax.nn.one_hot(state.masks[..., i].argmax(-1), state.masks.shape[-2]) if one else state.masks[..., i] > 0.5
            for i, one in enumerate(self.shape.one_of)
        ]
        sure = jnp.issubdtype(state.pointers.dtype, jnp.integer)
        pointers = state.pointers if sure else state.pointers.argmax(-1)
        return State(pointers, jnp.stack(masks, -1).astype(jnp.float32), state.numbers)


def _rows(pointers: jax.Array, nodes: int) -> jax.Array:
    """Pointers as rows of probabilities (..., n, n), where they are none yet."""
    return jax.nn.one_hot(pointers, nodes) if jnp.issubdtype(pointers.dtype, jnp.integer) else pointers


@dataclass(frozen=True)
class MessagePassing:
    """`width` numbers per node and pair. `history`: what a step knows of the hidden state before it: all, nothing, or what a gate lets in.

    `hints`: whether a step is shown the state predicted before; without, it always sees the first state. `soft`: a step is shown how
    likely each part of that state is, so that gradients reach the steps before; else only the likeliest.
    """

    width: int = 16
    history: History = "kept"
    hints: bool = True
    soft: bool = False

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
            (shape.edges + 2, 2 * width),
            (known, 3 * width),
            (width, width),
            (width, 2 * width + kinds + shape.numbers),
            (width, 1),
            (2 * width, width),
        ]
        nodes, edges, known, heard, told, pointed, gate = (Dense(w) for w in even(key, shapes))
        norm = Norm(jnp.ones(width), jnp.zeros(width))
        gated = gate if self.history == "gated" else None
        parts = (nodes, edges, known, heard, norm, gated, told, pointed)
        return MessagePassingNet(*parts, self.history, self.hints, self.soft, shape)  # pyright: ignore[reportCallIssue]
