"""A pole on a cart (Barto, Sutton & Anderson, 1983), whose length, mass and motor may differ from those trained on."""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import jax
import jax.numpy as jnp

from heldout.core import IID, TRAIN, Outcomes, Sample, Split
from heldout.core.seeds import Key
from heldout.tasks.control.rollout import returns
from heldout.tasks.interfaces import Policy, Step

GRAVITY, CART, TICK = 9.8, 1.0, 0.02  # m/s2, kg, s
EDGE, TILT = 2.4, 0.2094395102393195  # m, 12 degrees in radians
HORIZON, RANDOM = 500, 22.2  # steps of an episode; mean return of uniformly random actions on the standard pole


class Dynamics(NamedTuple):
    """`length`: half the pole's, in metres. `mass`: the pole's, in kilograms. `force`: of the motor, in newtons."""

    length: Any = 0.5
    mass: Any = 0.1
    force: Any = 10.0


VARIED = Dynamics(0.25, 0.05, 5.0), Dynamics(0.75, 0.5, 15.0)  # from, to
LONG = Dynamics(length=2.0)


class World(NamedTuple):
    """`state`: (4,) position, velocity, angle, angular velocity. `time`: steps since the beginning of the episode."""

    dynamics: Dynamics
    state: Any
    time: Any


@dataclass(frozen=True)
class CartPole:
    """Push left or right at every step so that the pole stays up and the cart on its track; the dynamics are not seen.

    Train splits: `train` (the standard pole), `varied` (length, mass and force drawn evenly from `ranges`) and `target`.
    Axes: `length`, `mass`, `force`, one quantity changed at a time. The score is the return scaled so that 0 is a random
    policy on the standard pole and 1 all 500 steps, clipped to [0, 1].
    """

    length: tuple[float, ...] = (0.125, 0.25, 1.0, 2.0, 4.0)
    mass: tuple[float, ...] = (0.01, 0.05, 0.5, 1.0)
    force: tuple[float, ...] = (2.5, 5.0, 20.0, 40.0)
    ranges: tuple[Dynamics, Dynamics] = VARIED
    target: Dynamics = LONG

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = True

    @property
    def name(self) -> str:
        """The name in tables."""
        return "cart-pole"

    @property
    def bounds(self) -> tuple[float, float]:
        """From a random policy to a whole episode."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of a random policy."""
        return 0.0

    @property
    def observation(self) -> tuple[int, ...]:
        """Position, velocity, angle, angular velocity."""
        return (4,)

    @property
    def actions(self) -> int:
        """Push left, push right."""
        return 2

    @property
    def splits(self) -> tuple[Split, ...]:
        """Three to train on, the standard pole anew, and every level of every shift."""
        shifts = [(axis, level) for axis in Dynamics._fields for level in getattr(self, axis)]
        train = (TRAIN, Split("varied", train=True), Split("target", train=True))
        return (*train, IID, *(Split(f"{axis}-{level:g}", axis, level) for axis, level in shifts))

    def context(self, split: Split, key: Key) -> Dynamics:
        """The dynamics of one cart-pole."""
        if split.name == "varied":
            keys = Dynamics(*jax.random.split(key, 3))
            return jax.tree.map(lambda k, low, high: jax.random.uniform(k, (), float, low, high), keys, *self.ranges)
        fixed = self.target if split.name == "target" else Dynamics()
        shifted = fixed if split.axis is None else fixed._replace(**{split.axis: split.level})
        return jax.tree.map(jnp.float32, shifted)

    def reset(self, context: Dynamics, key: Key) -> tuple[World, Step]:
        """Near the middle, nearly upright, nearly at rest."""
        state = jax.random.uniform(key, (4,), minval=-0.05, maxval=0.05)
        return World(context, state, jnp.int32(0)), Step(state, jnp.float32(0), jnp.bool(False), jnp.bool(False))

    def step(self, world: World, action: Any) -> tuple[World, Step]:
        """One Euler step of a fiftieth of a second; a reward of 1, also for the step that ends it."""
        state = world.state + TICK * _derivative(world.dynamics, world.state, 2 * action - 1)
        over = (jnp.abs(state[0]) > EDGE) | (jnp.abs(state[2]) > TILT)
        time = world.time + 1
        return World(world.dynamics, state, time), Step(state, jnp.float32(1), over, ~over & (time >= HORIZON))

    def trials(self, model: Policy, split: Split, key: Key, n: int) -> Outcomes:
        """One episode in each of `n` worlds."""
        keys = jax.random.split(key, n)
        contexts = jax.vmap(lambda k: self.context(split, jax.random.fold_in(k, 0)))(keys)
        earned = returns(self, model, contexts, keys, HORIZON)
        score = jnp.clip((earned - RANDOM) / (HORIZON - RANDOM), 0, 1)
        return Outcomes(jax.random.key_data(keys), score, {"return": earned, "clipped": earned < RANDOM})

    def samples(self, split: Split, key: Key, n: int) -> list[Sample]:
        """The dynamics in words."""
        contexts = [self.context(split, jax.random.fold_in(k, 0)) for k in jax.random.split(key, n)]
        return [Sample(f"pole of {2 * c.length:.3g} m and {c.mass:.3g} kg, motor of {c.force:.3g} N") for c in contexts]

    def oracle(self) -> Policy:
        """Pushes towards where the pole falls, a little back to the middle: enough for every level here."""
        return Linear(jnp.array([0.03, 0.3, 8.0, 2.0]))


class Linear(NamedTuple):
    """A policy that pushes right where a weighted sum of the observation is positive."""

    weights: Any

    def initial(self, key: Key) -> tuple[()]:  # noqa: ARG002
        """Nothing to remember."""
        return ()

    def __call__(self, memory: tuple[()], step: Step, key: Key) -> tuple[tuple[()], Any]:  # noqa: ARG002
        """Push by the sign."""
        return memory, (step.observation @ self.weights > 0).astype(int)


def _derivative(dynamics: Dynamics, state: Any, push: Any) -> Any:
    """The rates of change of (position, velocity, angle, angular velocity), without friction."""
    _, velocity, angle, spin = state
    length, mass, force = dynamics
    total, sine, cosine = CART + mass, jnp.sin(angle), jnp.cos(angle)
    pull = (push * force + mass * length * spin**2 * sine) / total
    turn = (GRAVITY * sine - cosine * pull) / (length * (4 / 3 - mass * cosine**2 / total))
    return jnp.stack([velocity, pull - mass * length * turn * cosine / total, spin, turn])
