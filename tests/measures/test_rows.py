import numpy as np
import pytest

from heldout.measures.rows import Rows, codes


def records(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    text = {"cell": ["a", "b"], "probe": ["score", "loss"], "split": ["iid", "noise 1", "noise 2"]}
    found = {name: np.array(words, object)[rng.integers(len(words), size=n)] for name, words in text.items()}
    return found | {
        "seed": rng.integers(5, size=n) * 3,
        "step": rng.integers(4, size=n) * 10,
        "value": rng.normal(size=n),
    }


@pytest.mark.parametrize("n", [0, 1, 40, 400])
def test_a_table_is_what_reading_record_by_record_gives(n: int) -> None:
    columns = records(np.random.default_rng(n), n)
    rows = Rows(columns, {})
    for cell, probe in (("a", "score"), ("b", "loss")):
        coded = rows.coded(cell, probe)
        everything: dict[int, dict[str, dict[int, float]]] = {}
        last: dict[str, dict[int, tuple[int, float]]] = {}
        for i in range(n):
            if (columns["cell"][i], columns["probe"][i]) == (cell, probe):
                step, split, seed, value = (columns[name][i] for name in ("step", "split", "seed", "value"))
                everything.setdefault(step, {}).setdefault(split, {})[seed] = value
                before = last.setdefault(split, {}).get(seed, (-1, 0.0))
                last[split][seed] = (
                    max(before, (step, value), key=lambda pair: pair[0]) if step != before[0] else (step, value)
                )
        assert coded.steps.tolist() == sorted(everything)
        for step, wanted in everything.items():
            found = coded.at(step)
            assert found.keys() == wanted.keys()
            for split, numbers in found.items():
                there = {s: v for s, v in zip(coded.seeds.tolist(), numbers.tolist(), strict=True) if not np.isnan(v)}
                assert there == wanted[split]
        for split, row in zip(("noise 2", "never"), coded.table(("noise 2", "never")), strict=True):
            there = {s: v for s, v in zip(coded.seeds.tolist(), row.tolist(), strict=True) if not np.isnan(v)}
            assert there == {seed: value for seed, (_, value) in last.get(split, {}).items()}


def test_equal_values_have_equal_codes() -> None:
    for column in (np.array(["b", "a", "b", "c"], object), np.array(["b", "a", "b", "c"]), np.array([4, 2, 4, 9])):
        found = codes(column)
        assert found[0] == found[2]
        assert sorted(set(found.tolist())) == [0, 1, 2]
