"""Teaching a network an algorithm by its trace: every next state is to be predicted from the one before it.

That one is either the true state (teacher forcing), or what the network itself predicted (as it will be when it is asked), in
which case mistakes travel on and are learnt from.
"""

from dataclasses import dataclass, field
from typing import Any, ClassVar

import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import State as Training
from heldout.learners.supervised import train_split
from heldout.models.message_passing import MessagePassing, MessagePassingNet, Said
from heldout.tasks.formal.traces.trace import Problem, Shape, State, Traces


@dataclass(frozen=True)
class Reasoner(ByUpdates):
    """Minimise the mean loss of all predicted states.

    An architecture without hints is taught the last state alone, as it is shown none of the others. `forced`: each step sees the
    true state before it in training. `penalty`: the weight of the mean opening of the gate, where there is one. `label`: another
    name for tables; not part of the digest.
    """

    architecture: MessagePassing
    steps: int
    batch: int = 16
    optimiser: Optimiser = AdamW()  # noqa: RUF009 - frozen
    forced: bool = False
    penalty: float = 0.0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the architecture."""
        return self.label or self.architecture.name

    def start(self, task: Traces, key: jax.Array) -> Training:
        """A network before its first update."""
        model = self.architecture.build(jax.random.fold_in(key, 0), task.shape)
        optimiser = self.optimiser.build(self.steps).init(model)  # pyright: ignore[reportArgumentType]
        return Training(jnp.asarray(0, jnp.int32), jax.random.fold_in(key, 1), model, optimiser)

    def advance(self, task: Traces, state: Training, until: Any) -> Training:
        """The state after update `until`."""
        split, optimiser = train_split(task), self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            model, moments = carry
            key = jax.random.fold_in(state.key, step)
            problem, states = task.draw(split, key, self.batch)
            gradient = jax.grad(self.objective)(model, task, key, problem, states)
            changes, moments = optimiser.update(gradient, moments, model)
            return jax.tree.map(jnp.add, model, changes), moments

        model, moments = jax.lax.fori_loop(state.step, until, update, (state.model, state.optimiser))
        return Training(jnp.maximum(state.step, until), state.key, model, moments)

    def model(self, task: Traces, state: Training) -> MessagePassingNet:  # noqa: ARG002
        """The network as trained so far."""
        return state.model

    def objective(
        self, model: MessagePassingNet, task: Traces, key: jax.Array, problem: Problem, states: State
    ) -> jax.Array:
        """The mean loss over problems; what else of the task a loss needs may be drawn with the key."""
        del task, key
        return jax.vmap(lambda one, trace: self.loss(model, one, trace))(problem, states).mean()

    def loss(self, model: MessagePassingNet, problem: Problem, states: State) -> jax.Array:
        """The mean loss over the steps of one trace, and the penalty."""
        return self.cost(model, *follow(model, problem, states, self.forced))

    def cost(self, model: MessagePassingNet, losses: jax.Array, gates: jax.Array) -> jax.Array:
        """The mean loss over steps, or that of the last where no other state is taught, and the penalty."""
        return (losses.mean() if model.hints else losses[-1]) + self.penalty * gates.mean()


def follow(model: MessagePassingNet, problem: Problem, states: State, forced: bool) -> tuple[jax.Array, jax.Array]:
    """(steps,) the losses of the states predicted along one trace, and (steps,) how far the gate stood open on average."""
    return walk(model, problem, states, forced)[:2]


def walk(
    model: MessagePassingNet, problem: Problem, states: State, forced: bool
) -> tuple[jax.Array, jax.Array, jax.Array]:
    """What `follow` gives, and (steps, n, width) the hidden states of the nodes."""
    before, after = (jax.tree.map(lambda x, s=s: x[s], states) for s in (slice(-1), slice(1, None)))
    first = model.shown(jax.tree.map(lambda x: x[0], states))

    def forward(
        carry: tuple[State, jax.Array], true: tuple[State, State]
    ) -> tuple[Any, tuple[jax.Array, jax.Array, jax.Array]]:
        state, memory = carry
        memory, said = model.step(problem, model.shown(true[0]) if forced and model.hints else state, memory)
        state = model.passed(said) if model.hints else first
        opening = said.gate.sum() / max(said.gate.size, 1)
        return (state, memory), (mistake(said, true[1], model.shape), opening, memory)

    return jax.lax.scan(forward, (first, model.start(len(problem.nodes))), (before, after))[1]


def mistake(said: Said, wanted: State, shape: Shape) -> jax.Array:
    """How far a prediction is from a state: mean cross entropies of pointers and masks, and the squared error of numbers."""
    nodes = len(wanted.pointers)
    pointers = jax.nn.log_softmax(said.pointers) * (wanted.pointers[:, None] == jnp.arange(nodes))
    total = -pointers.sum(-1).mean()
    for i, one in enumerate(shape.one_of):
        logits, truth = said.masks[:, i], wanted.masks[:, i]
        if one:
            total = total - (jax.nn.log_softmax(logits) * truth).sum()
        else:
            total = total + (jax.nn.softplus(logits) - logits * truth).mean()
    return total + (jnp.square(said.numbers - wanted.numbers).mean() if shape.numbers else 0.0)
