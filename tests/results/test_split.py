import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.split import column, part, read, written
from heldout.stats.divergence import divergence
from heldout.stats.splitting import Wanted


def test_cells_hold_lists_in_several_ways():
    rows = [{"a": "x y  z"}, {"a": "two words; more"}, {"a": '["x", 1]'}, {"a": ["x", 2]}, {"a": "[x"}, {"a": None}, {}]
    expected = [["x", "y", "z"], ["two words", "more"], ["x", "1"], ["x", "2"], ["[x"], [], []]
    assert column(rows, "a") == expected


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", 'a,b\n"x, y",1\n'),
        ("a.tsv", "a\tb\nx, y\t1\n"),
        ("a.jsonl", '{"a": "x, y", "b": "1"}\n\n'),
        ("a.json", '[{"a": "x, y", "b": "1"}]'),
    ],
)
def test_the_same_examples_in_four_formats_come_back_as_written(tmp_path, name, text):
    path = tmp_path / name
    path.write_text("\ufeff" + text if name == "a.csv" else text, encoding="utf-8")
    rows = read(path)
    assert rows == [{"a": "x, y", "b": "1"}]
    path.write_text(written(rows, ["train"], path))
    assert read(path) == [{"a": "x, y", "b": "1", "split": "train"}]


def test_what_is_said_of_a_split_is_so():
    rng = np.random.default_rng(1)
    atoms = [[f"v{v}", f"n{n}", f"n{n}"] for v, n in rng.integers(0, 8, (300, 2))]
    found = part(atoms, None, Wanted(0.6))
    assert found.paired
    sides = [
        [tuple(sorted(set(a))) for a, n in zip(atoms, found.names, strict=True) if n == s] for s in ("train", "test")
    ]
    kinds = sorted({pair for side in sides for pair in side})
    counts = [np.array([side.count(k) for k in kinds], float) for side in sides]
    assert found.compounds == pytest.approx(divergence(*counts, 0.1))
    assert (found.tested, found.unseen) == ((counts[1] > 0).sum(), ((counts[1] > 0) & (counts[0] == 0)).sum())
    same = part(atoms, [[f"{a[0]}+{a[1]}"] for a in atoms], Wanted(0.6))
    assert same.names == found.names
    assert not same.paired


def test_how_near_it_came_is_said():
    with pytest.raises(
        HeldoutError, match=r"0\.9 cannot be reached .* the nearest has 0\.000, with an atom divergence of 0\.000"
    ):
        part([["x", "y"]] * 40, None, Wanted(0.9))
