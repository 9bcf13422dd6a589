"""Proximal policy optimisation (Schulman et al., 2017): worlds, rollouts, advantages and updates in one compiled loop.

Details as commonly used (Huang et al., 2022): orthogonal weights, separate actor and critic, advantages normalised per
minibatch, clipped value loss, falling rate, clipped gradient. One is put right: where only time is up, the value of what
was seen last counts (Pardo et al., 2018).
"""

from dataclasses import dataclass, field
from functools import partial
from typing import Any, ClassVar, NamedTuple

import equinox as eqx
import jax
import jax.numpy as jnp
import optax

from heldout.core import HeldoutError, Trained
from heldout.core.seeds import Key
from heldout.tasks.interfaces import Control, Step


class State(NamedTuple):
    """Where a training stands; `step` is shared by all seeds. `worlds`, `seen`: one per environment."""

    step: Any
    rate: Any
    key: Any
    agent: "ActorCritic"
    moments: Any
    worlds: Any
    seen: Step


class Path(NamedTuple):
    """What happened, each (length, envs, ...) or flattened; `then` is seen before a new episode takes its place."""

    observation: Any
    action: Any
    reward: Any
    then: Any
    terminal: Any
    ended: Any


class Lesson(NamedTuple):
    """What an update learns from, each (n, ...): the path, and what the agent thought of it when it walked it."""

    observation: Any
    action: Any
    log_probability: Any
    value: Any
    advantage: Any


@dataclass(frozen=True)
class PPO:
    """Learn to act in the worlds of a train split.

    `envs` worlds are played for `length` steps between updates. `initial`: the model of another PPO, to go on from.
    `label`: another name, for tables only.
    """

    steps: int = 200_000
    split: str = "train"
    rate: float = 1e-3
    initial: Trained | None = None
    envs: int = 16
    length: int = 64
    epochs: int = 4
    minibatches: int = 4
    discount: float = 0.99
    trace: float = 0.95
    clip: float = 0.2
    entropy: float = 0.01
    width: int = 64
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "env step"

    def __post_init__(self) -> None:
        if self.envs * self.length % self.minibatches:
            raise HeldoutError(f"{self.envs} x {self.length} steps do not divide into {self.minibatches} minibatches")

    @property
    def name(self) -> str:
        """The label, else the algorithm and the split it learns from."""
        return self.label or ("PPO" if self.split == "train" else f"PPO ({self.split})")

    def start(self, task: Control, key: Key) -> State:
        """An agent before its first update, and worlds at their beginning."""
        build, begin, rest = jax.random.split(key, 3)
        agent = ActorCritic(build, task.observation[0], task.actions, self.width)
        if self.initial is not None:
            agent = _fitting(self.initial, agent)
        worlds, seen = jax.vmap(partial(self._begin, task))(*jax.random.split(begin, (2, self.envs)))
        # The rate is kept in the state, not in the program: one compiled program serves a sweep over it.
        return State(jnp.int32(0), jnp.float32(self.rate), rest, agent, _optimiser().init(agent), worlds, seen)

    def advance(self, task: Control, state: State, until: Any) -> State:
        """The state after the update that reaches step `until`."""
        return jax.lax.while_loop(lambda s: s.step < until, partial(self._update, task), state)

    def model(self, task: Control, state: State) -> "ActorCritic":  # noqa: ARG002
        """The agent as trained so far."""
        return state.agent

    def _update(self, task: Control, state: State) -> State:
        key, renew, choose, study = jax.random.split(state.key, 4)
        shape = (self.length, self.envs)  # what is random is drawn ahead: the loop itself stays small and fast
        fresh = jax.vmap(jax.vmap(partial(self._begin, task)))(*jax.random.split(renew, (2, *shape)))
        noise = jax.random.gumbel(choose, (*shape, task.actions))
        move = partial(self._move, task, state.agent)
        (worlds, seen), path = jax.lax.scan(move, (state.worlds, state.seen), (fresh, noise))
        lesson = self._lesson(state.agent, path)
        rate = state.rate * (1 - state.step / self.steps)
        agent, moments = self._study(state.agent, state.moments, lesson, rate, study)
        return State(state.step + self.envs * self.length, state.rate, key, agent, moments, worlds, seen)

    def _begin(self, task: Control, draw: Key, begin: Key) -> tuple[Any, Step]:
        """A new episode in a new world of the split."""
        split = next((s for s in task.splits if s.name == self.split and s.train), None)
        if split is None:
            raise HeldoutError(f"task {task.name!r} has no train split {self.split!r} for {self.name!r} to learn from")
        return task.reset(task.context(split, draw), begin)

    def _move(self, task: Control, agent: "ActorCritic", carry: Any, drawn: Any) -> tuple[Any, Path]:
        """One step in every environment; where an episode ends, a fresh one takes its place."""
        (worlds, seen), (fresh, noise) = carry, drawn
        action = jnp.argmax(agent.logits(seen.observation) + noise, -1)  # a draw from the policy
        worlds, then = jax.vmap(task.step)(worlds, action)
        ended = then.terminal | then.truncated
        renewed = jax.vmap(lambda end, *both: jax.tree.map(partial(jnp.where, end), *both))
        carry = renewed(ended, fresh, (worlds, then))
        return carry, Path(seen.observation, action, then.reward, then.observation, then.terminal, ended)

    def _lesson(self, agent: "ActorCritic", path: Path) -> Lesson:
        values, after = agent.values(path.observation), agent.values(path.then)
        earned = advantages(path, values, after, self.discount, self.trace)
        log_probability, _ = log_probability_and_entropy(agent.logits(path.observation), path.action)
        lesson = Lesson(path.observation, path.action, log_probability, values, earned)
        return jax.tree.map(lambda x: x.reshape(-1, *x.shape[2:]), lesson)

    def _study(self, agent: "ActorCritic", moments: Any, lesson: Lesson, rate: Any, key: Key) -> Any:
        """The agent and its moments after several passes over the lesson, each in minibatches of its own."""

        def step(carry: Any, rows: Any) -> tuple[Any, None]:
            agent, moments = carry
            gradient = jax.grad(self.objective)(agent, jax.tree.map(lambda x: x[rows], lesson))
            changes, moments = _optimiser().update(gradient, moments)
            return (jax.tree.map(lambda p, c: p - rate * c, agent, changes), moments), None

        order = jnp.argsort(jax.random.bits(key, (self.epochs, self.envs * self.length)), -1)
        batches = order.reshape(self.epochs * self.minibatches, -1)
        return jax.lax.scan(step, (agent, moments), batches)[0]

    def objective(self, agent: "ActorCritic", lesson: Lesson) -> Any:
        """The clipped surrogate, the clipped value loss and the entropy bonus, to be minimised."""
        log_probability, entropy = log_probability_and_entropy(agent.logits(lesson.observation), lesson.action)
        ratio = jnp.exp(log_probability - lesson.log_probability)
        advantage = (lesson.advantage - lesson.advantage.mean()) / (lesson.advantage.std() + 1e-8)
        surrogate = jnp.minimum(ratio * advantage, jnp.clip(ratio, 1 - self.clip, 1 + self.clip) * advantage)
        value, target = agent.values(lesson.observation), lesson.advantage + lesson.value
        clipped = lesson.value + jnp.clip(value - lesson.value, -self.clip, self.clip)
        value_loss = 0.5 * jnp.maximum((value - target) ** 2, (clipped - target) ** 2)
        return (-surrogate + 0.5 * value_loss - self.entropy * entropy).mean()


class ActorCritic(eqx.Module):
    """A policy over discrete actions that also knows what states are worth; it acts by its likeliest action."""

    actor: tuple[tuple[Any, Any], ...]
    critic: tuple[tuple[Any, Any], ...]

    def __init__(self, key: Key, inputs: int, actions: int, width: int) -> None:
        actor, critic = jax.random.split(key)
        self.actor = _network(actor, (inputs, width, width, actions), last=0.01)
        self.critic = _network(critic, (inputs, width, width, 1), last=1.0)

    def logits(self, observation: Any) -> Any:
        """(..., k) to (..., actions)."""
        return _apply(self.actor, observation)

    def values(self, observation: Any) -> Any:
        """(..., k) to (...)."""
        return _apply(self.critic, observation)[..., 0]

    def initial(self, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing to remember."""
        return ()

    def __call__(self, memory: tuple[()], step: Step, key: Key) -> tuple[tuple[()], Any]:  # noqa: ARG002
        """The likeliest action."""
        return memory, jnp.argmax(self.logits(step.observation), -1)


def advantages(path: Path, values: Any, after: Any, discount: float, trace: float) -> Any:
    """Generalised advantage estimates (Schulman et al., 2016): (length, envs).

    `values`, `after`: what the states before and after each step are worth.
    """
    surprise = path.reward + discount * after * (1 - path.terminal) - values
    keep = discount * trace * (1 - path.ended)

    def back(later: Any, now: Any) -> tuple[Any, Any]:
        advantage = now[0] + now[1] * later
        return advantage, advantage

    return jax.lax.scan(back, jnp.zeros_like(surprise[0]), (surprise, keep), reverse=True)[1]


def log_probability_and_entropy(logits: Any, action: Any) -> tuple[Any, Any]:
    """Of categorical distributions, in nats: (..., actions) and (...) to two of (...)."""
    logs = jax.nn.log_softmax(logits)
    return jnp.take_along_axis(logs, action[..., None], -1)[..., 0], -(jnp.exp(logs) * logs).sum(-1)


def _optimiser() -> Any:
    return optax.chain(optax.clip_by_global_norm(0.5), optax.scale_by_adam(eps=1e-5))


def _network(key: Key, sizes: tuple[int, ...], last: float) -> tuple[tuple[Any, Any], ...]:
    """Layers as (weight, bias); orthogonal weights (Saxe et al., 2014), scaled by the root of 2 but for the last."""
    noise = jax.random.normal(key, (len(sizes) - 1, max(sizes), max(sizes)))
    scales = (*[2**0.5] * (len(sizes) - 2), last)
    layers = zip(noise, scales, sizes[:-1], sizes[1:], strict=True)
    return tuple((scale * orthogonal(drawn[:a, :b]), jnp.zeros(b)) for drawn, scale, a, b in layers)


def orthogonal(noise: Any) -> Any:
    """Normal noise (a, b) to a matrix with orthonormal rows or columns, whichever are fewer, evenly distributed."""
    tall = noise if noise.shape[0] >= noise.shape[1] else noise.T
    q, r = jnp.linalg.qr(tall)
    q = q * jnp.sign(jnp.diag(r))
    return q if tall is noise else q.T


def _apply(network: tuple[tuple[Any, Any], ...], x: Any) -> Any:
    for weight, bias in network[:-1]:
        x = jnp.tanh(x @ weight + bias)
    return x @ network[-1][0] + network[-1][1]


def _fitting(given: Any, fresh: ActorCritic) -> ActorCritic:
    shapes = [jax.tree.map(jnp.shape, agent) for agent in (given, fresh)]
    if not isinstance(given, ActorCritic) or shapes[0] != shapes[1]:
        raise HeldoutError("PPO(initial=...) goes on from a PPO agent of the same width, on a task of the same shape")
    return given
