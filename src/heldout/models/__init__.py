"""Architectures as frozen specs with `build(key, inputs, outputs)`, one per file; what they build is a `Predictor`."""

from typing import Any, Protocol


class Predictor(Protocol):
    """A pytree of arrays that maps a batch of inputs (n, *shape) to outputs (n, k)."""

    def __call__(self, inputs: Any) -> Any:
        """The outputs for a batch."""
        ...


class Architecture(Protocol):
    """A frozen spec of a model."""

    @property
    def name(self) -> str:
        """The name in tables."""
        ...

    def build(self, key: Any, inputs: tuple[int, ...], outputs: int) -> Predictor:
        """An untrained model for inputs of this shape."""
        ...
