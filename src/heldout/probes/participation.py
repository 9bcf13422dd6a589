"""How few frequencies each neuron's weights are made of: the inverse participation ratio of their Fourier spectrum."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split

PERIODIC = 0.5
"""Above it most of the power is that of one frequency."""


def participation(snapshot: Snapshot, split: Split, key: Key, n: int) -> Mapping[str, Any]:  # noqa: ARG001
    """`mean`: of the neurons' inverse participation ratios. `periodic`: the share of neurons in which it exceeds one half.

    Needs a model that has `participation`, (neurons,), such as `Squares`. A neuron without weights counts as 0.
    """
    ratios = getattr(snapshot.model, "participation", None)
    if ratios is None:
        raise HeldoutError(
            f"{type(snapshot.model).__name__} has no neurons with weights for every element: take this probe on a Quadratic"
        )
    return {"mean": ratios.mean(), "periodic": (ratios > PERIODIC).mean()}
