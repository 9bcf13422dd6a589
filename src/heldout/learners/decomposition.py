"""Finding programs whole, line by line, or by execution decomposition, as in ExeDec (Shi et al., 2024).

Execution decomposition: a subgoal model predicts what the next line should make of each example; a synthesizer writes the line
that does so; the line is run, and both go on from what it really made, until the outputs wanted are reached.
"""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp

from heldout.learners.by_updates import ByUpdates
from heldout.learners.optimiser import AdamW, Optimiser
from heldout.learners.supervised import loss, train_split
from heldout.models.decoder import Decoder
from heldout.models.decoding import NEVER, Room, beam
from heldout.models.program_layout import Layout
from heldout.tasks.formal.synthesis.synthesis import Instances, Synthesis
from heldout.tasks.interfaces import Batch

Plan = Literal["whole programs", "lines", "subgoals"]


class State(NamedTuple):
    """Where a training stands; `step` is shared by all seeds, `nets` are the writer and the subgoal model, if any."""

    step: jax.Array
    key: jax.Array
    nets: tuple[Any, Any]
    optimiser: Any


@dataclass(frozen=True)
class Decomposition(ByUpdates):
    """Train decoders on programs with what their lines make of the examples.

    `plan`: one net writes whole programs, or the next line alone, or the line for a subgoal that another net predicts. Each net
    gets all `steps` updates of `batch` programs, or of one line from each. `corruption`: how many of the subgoals to write lines
    for have one number changed, since subgoals will not all be right. `width`: how many partial programs are kept.
    """

    plan: Plan
    architecture: Decoder
    steps: int
    batch: int = 64
    optimiser: Optimiser = AdamW(2e-3, decay=0.0, schedule="cosine", clip=1.0)  # noqa: RUF009 - frozen
    corruption: float = 0.1
    width: int = 1
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    @property
    def name(self) -> str:
        """The label, else the plan and the architecture."""
        return self.label or f"{self.plan}, {self.architecture.name}"

    def start(self, task: Synthesis, key: jax.Array) -> State:
        """Nets before their first update."""
        layout = self.layout(task)
        net = replace(self.architecture, prefix=layout.columns)
        writer = net.build(jax.random.fold_in(key, 0), (layout.columns, layout.channels), layout.end + 1)
        planner = None
        if self.plan == "subgoals":
            shape = (layout.columns, layout.planned)
            planner = net.build(jax.random.fold_in(key, 1), shape, layout.symbols + 1)
        nets = (writer, planner)
        optimiser = self.optimiser.build(self.steps).init(nets)  # pyright: ignore[reportArgumentType]
        return State(jnp.asarray(0, jnp.int32), jax.random.fold_in(key, 2), nets, optimiser)

    def advance(self, task: Synthesis, state: State, until: Any) -> State:
        """The state after update `until`."""
        split, optimiser = train_split(task), self.optimiser.build(self.steps)

        def update(step: jax.Array, carry: tuple[Any, Any]) -> tuple[Any, Any]:
            nets, moments = carry
            key = jax.random.fold_in(state.key, step)
            drawn = task.draw(split, key, self.batch)
            gradient = jax.grad(self.objective)(nets, task, drawn, jax.random.fold_in(key, 1))
            changes, moments = optimiser.update(gradient, moments, nets)
            return jax.tree.map(jnp.add, nets, changes), moments

        nets, moments = jax.lax.fori_loop(state.step, until, update, (state.nets, state.optimiser))
        return State(jnp.maximum(state.step, until), state.key, nets, moments)

    def model(self, task: Synthesis, state: State) -> "Found":
        """What finds programs with the nets as trained so far."""
        return Found(*state.nets, self.layout(task), self.plan, self.width)

    def layout(self, task: Synthesis) -> Layout:
        """How programs and examples are shown to nets."""
        return Layout(task.language, task.shown, task.lines)

    def objective(self, nets: tuple[Any, Any], task: Synthesis, drawn: Instances, key: jax.Array) -> jax.Array:
        """The mean loss of the writer, and of the subgoal model besides."""
        layout, shown = self.layout(task), task.shown
        given, values = drawn.given[:, :shown], drawn.values[:, :, :shown]
        writer, planner = nets
        if self.plan == "whole programs":
            return _entropy(writer, layout.written(given, values[:, 0], values[:, -1], drawn.program))
        which, spoil = jax.random.split(key)
        lines = (drawn.program < len(task.language.functions)).sum(-1)
        line = jax.random.randint(which, lines.shape, 0, lines)
        at = jnp.arange(task.lines + 1) == line[:, None]
        now = jnp.where(at[..., None, None], values, 0).sum(1)
        after = jnp.where(jnp.roll(at, 1, axis=1)[..., None, None], values, 0).sum(1)
        next_line = jnp.where(at[:, : task.lines], drawn.program, 0).sum(1)[:, None]
        if planner is None:
            return _entropy(writer, layout.written(given, now, values[:, -1], next_line))
        target = _corrupted(spoil, after, layout.symbols, self.corruption)
        written = _entropy(writer, layout.written(given, now, target, next_line))
        return written + _entropy(planner, layout.planned_batch(given, now, values[:, -1], after))


class Found(eqx.Module):
    """Finds programs by beam search over whole programs, or over lines that are run one after the other."""

    writer: Any
    planner: Any
    layout: Layout = eqx.field(static=True)
    plan: Plan = eqx.field(static=True)
    width: int = eqx.field(static=True)

    def __call__(self, given: jax.Array, wanted: jax.Array) -> jax.Array:
        """(n, shown, size) inputs and outputs to (n, lines): of the programs kept, the best that fits, else the best."""
        search = self._whole if self.plan == "whole programs" else self._stepwise
        program, fits = search(given, wanted)
        best = fits.argmax(-1)
        return jnp.take_along_axis(program, best[:, None, None], axis=1)[:, 0]

    def _whole(self, given: jax.Array, wanted: jax.Array) -> tuple[jax.Array, jax.Array]:
        layout, n, lines = self.layout, len(given), self.layout.lines
        read = layout.asked(given, layout.language.first(given), wanted, 2 * lines)
        tokens = beam(self.writer, read, layout.room(2 * lines), self.width, layout.shown_token).tokens
        program = layout.functions(tokens.reshape(n, self.width, lines, 2))
        again = [jnp.repeat(x, self.width, axis=0) for x in (given, wanted)]
        outputs = layout.language.outputs(program.reshape(-1, lines), again[0])
        return program, (outputs == again[1]).reshape(n, self.width, -1).all(-1)

    def _stepwise(self, given: jax.Array, wanted: jax.Array) -> tuple[jax.Array, jax.Array]:
        """Each line: for each partial program `width` ways on, of all of which the `width` likeliest are kept."""
        n, width, (shown, size) = len(given), self.width, given.shape[1:]
        stop = len(self.layout.language.functions)
        inputs, goal = (jnp.repeat(x, width, axis=0) for x in (given, wanted))

        def step(line: jax.Array, carry: tuple[jax.Array, ...]) -> tuple[jax.Array, ...]:
            program, value, score = carry
            done = (value.reshape(n * width, -1) == goal.reshape(n * width, -1)).all(-1)
            function, likely = self._proposed(inputs, value.reshape(n * width, shown, size), goal)
            function = jnp.where(done[:, None], stop, function)
            once = jnp.where(jnp.arange(width) == 0, 0.0, NEVER)
            likely = jnp.where(done[:, None], once, jnp.where(function < stop, likely, NEVER))
            ranked = (score.reshape(-1, 1) + likely).reshape(n, width * width)
            score, best = jax.lax.top_k(ranked, width)
            take = lambda x, i: jnp.take_along_axis(x, i.reshape(n, width, *[1] * (x.ndim - 2)), axis=1)  # noqa: E731
            parent, chosen = best // width, take(function.reshape(n, width * width), best)
            program = take(program, parent).at[:, :, line].set(chosen)
            before = take(value, parent).reshape(n * width, shown, size)
            value = self.layout.language.run(chosen.reshape(-1), before, inputs).reshape(n, width, shown, size)
            return program, value, score

        first = self.layout.language.first(inputs).reshape(n, width, shown, size)
        score = jnp.broadcast_to(jnp.where(jnp.arange(width) == 0, 0.0, NEVER), (n, width))
        start = (jnp.full((n, width, self.layout.lines), stop, jnp.int32), first, score)
        program, value, _ = jax.lax.fori_loop(0, self.layout.lines, step, start)
        return program, (value == goal.reshape(value.shape)).all((2, 3))

    def _proposed(self, given: jax.Array, value: jax.Array, goal: jax.Array) -> tuple[jax.Array, jax.Array]:
        """The `width` likeliest next lines of each of m partial programs, or the likeliest for each of as many subgoals."""
        layout, width, m = self.layout, self.width, len(given)
        if self.planner is None:
            found = beam(self.writer, layout.asked(given, value, goal, 2), layout.room(2), width, layout.shown_token)
            return layout.functions(found.tokens), found.score
        room = Room(layout.columns + 1, layout.columns, layout.symbols + 1, kept=True)
        asked = layout.planned_question(given, value, goal)
        planned = beam(self.planner, asked, room, width, layout.shown_number)
        subgoal = layout.values(planned.tokens.reshape(m * width, -1))
        given, value = (jnp.repeat(x, width, axis=0) for x in (given, value))
        found = beam(self.writer, layout.asked(given, value, subgoal, 2), layout.room(2), 1, layout.shown_token)
        function, score = layout.functions(found.tokens[:, 0]), found.score[:, 0]
        return function.reshape(m, width), planned.score + score.reshape(m, width)


def _entropy(net: Any, batch: Batch) -> jax.Array:
    return loss("cross entropy", net(batch.inputs), batch)


def _corrupted(key: jax.Array, values: jax.Array, symbols: int, share: float) -> jax.Array:
    """(n, shown, size) values of which that share has one number of one example drawn anew."""
    n = len(values)
    flat = values.reshape(n, -1)
    which, place, number = jax.random.split(key, 3)
    spoilt = jax.random.uniform(which, (n, 1)) < share
    here = jnp.arange(flat.shape[1]) == jax.random.randint(place, (n, 1), 0, flat.shape[1])
    drawn = jax.random.randint(number, (n, 1), 0, symbols)
    return jnp.where(spoilt & here, drawn, flat).reshape(values.shape)
