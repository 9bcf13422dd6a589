"""What lets a model look better than it is, planted and found; nothing found where nothing was planted."""

import numpy as np
import pytest

from heldout.tasks.tabular.leakage import leaks
from heldout.tasks.tabular.table import Table


@pytest.fixture
def write(tmp_path):
    def write(columns):
        path = tmp_path / "t.csv"
        names = list(columns)
        rows = zip(*columns.values(), strict=True)
        path.write_text(",".join(names) + "\n" + "\n".join(",".join(map(str, r)) for r in rows) + "\n")
        return path

    return write


def plain(n=200):
    g = np.random.default_rng(1)
    x, z = g.normal(size=n), g.normal(size=n)
    return {"x": x, "z": z, "y": (x + z + g.normal(size=n) > 0).astype(int)}


def test_a_clean_table_has_none(write):
    assert list(leaks(Table(write(plain()), "y"))) == []


def test_a_copied_target_is_named(write):
    columns = plain()
    columns["code"] = np.where(columns["y"] == 1, "ill", "well")
    assert "'code' tells the target 'y' exactly" in next(leaks(Table(write(columns), "y")))
    scaled = {"x": columns["x"], "z": columns["z"], "twice": 2 * columns["x"] + 1}
    assert "'x' tells the target 'twice'" in next(leaks(Table(write(scaled), "twice")))


def test_repeated_and_nearly_repeated_rows_are_counted(write):
    once = plain(100)
    (said,) = leaks(Table(write({k: np.concatenate([v, v]) for k, v in once.items()}), "y"))
    assert "also stand in training" in said
    near = {k: np.concatenate([v, v * (1 + 1e-6) if k != "y" else v]) for k, v in once.items()}
    (said,) = leaks(Table(write(near), "y"))
    assert "differ from one in training by less than 3 digits" in said
