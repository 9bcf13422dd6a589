"""The optimiser as a frozen spec."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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
