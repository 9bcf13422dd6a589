"""Optimisers as frozen specs."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    import optax


@dataclass(frozen=True)
class AdamW:
    """Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    `schedule`: a constant rate, or one that falls to 0 along half a cosine. `warmup`: steps of linear rise before it.
    `clip`: the largest norm of the gradient; 0 does not clip.
    """

    rate: float = 1e-3
    decay: float = 1e-4
    schedule: Literal["constant", "cosine"] = "constant"
    warmup: int = 0
    clip: float = 0.0

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation for a training of `steps` steps."""
        import optax

        rate = optax.constant_schedule(self.rate)
        if self.schedule == "cosine":
            rate = optax.cosine_decay_schedule(self.rate, max(steps - self.warmup, 1))
        if self.warmup:
            rate = optax.join_schedules([optax.linear_schedule(0.0, self.rate, self.warmup), rate], [self.warmup])
        adam = optax.adamw(rate, weight_decay=self.decay)
        return optax.chain(optax.clip_by_global_norm(self.clip), adam) if self.clip else adam


@dataclass(frozen=True)
class SGD:
    """Stochastic gradient descent with momentum, heavy-ball (Polyak, 1964) or `nesterov` (Sutskever et al., 2013)."""

    rate: float = 0.1
    momentum: float = 0.9
    nesterov: bool = False
    schedule: Literal["constant", "cosine"] = "constant"

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation for a training of `steps` steps."""
        import optax

        return optax.sgd(_rate(self.rate, self.schedule, steps), self.momentum or None, self.nesterov)


@dataclass(frozen=True)
class NAdamW:
    """AdamW with Nesterov's momentum (Dozat, 2016)."""

    rate: float = 1e-3
    decay: float = 1e-4
    schedule: Literal["constant", "cosine"] = "constant"

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation for a training of `steps` steps."""
        import optax

        return optax.nadamw(_rate(self.rate, self.schedule, steps), weight_decay=self.decay)


class Optimiser(Protocol):
    """A recipe for an Optax transformation."""

    def build(self, steps: int) -> "optax.GradientTransformation":
        """The Optax transformation for a training of `steps` steps."""
        ...


def _rate(rate: float, schedule: str, steps: int) -> "optax.Schedule":
    import optax

    return optax.cosine_decay_schedule(rate, max(steps, 1)) if schedule == "cosine" else optax.constant_schedule(rate)
