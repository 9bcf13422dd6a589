"""Comparisons as the command line makes them of a table."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from heldout.cli.decide.compare import page

Compared = Callable[..., tuple[str, Callable[..., str]]]


@pytest.fixture(scope="session")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    """A table's name, and what makes its page: a few systems on two tasks with eight seeds each."""

    def make(title: str, systems: tuple[str, ...] = ("first", "second", "third")) -> tuple[str, Callable[..., str]]:
        path: Path = tmp_path_factory.mktemp("table") / "results.csv"
        rng = np.random.default_rng(0)
        with path.open("w", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("system", "task", "seed", "score"))
            for i, system in enumerate(systems):
                rows.writerows((system, t, s, 0.5 + 0.1 * i + 0.05 * rng.normal()) for t in "ab" for s in range(8))
        return title, page(path)

    return make
