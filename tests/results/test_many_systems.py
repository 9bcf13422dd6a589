"""Thousands of systems: those with the highest means are compared, and claims may be of any."""

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.compare import MOST, Options, compare
from heldout.results.rating import rate
from heldout.results.reading import Reading, read


def test_of_very_many_systems_the_best_are_compared(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"s{i},{seed},{i + rng.random():.4f}" for i in range(2 * MOST) for seed in range(3)]
    path = tmp_path / "many.csv"
    path.write_text("model,seed,score\n" + "\n".join(rows))
    claims = {"of one left out": 'score("s1") > score("s0") - 5'}
    found = compare(read([str(path)], Reading()), Options(claims=claims))
    assert len(found.systems) == MOST
    assert {one.system for one in found.systems} == {f"s{i}" for i in range(MOST, 2 * MOST)}
    assert any("600 systems make 179,700 pairs" in text for text in found.table.warnings)
    assert found.claims[0].estimate == pytest.approx(1.0, abs=1.0)


def test_of_very_many_systems_items_are_kept_with_them(tmp_path):
    rng = np.random.default_rng(0)
    rows = [f"s{i},q{j},{int(rng.random() < i / (MOST + 20))}" for i in range(MOST + 20) for j in range(12)]
    path = tmp_path / "many.csv"
    path.write_text("model,item,correct\n" + "\n".join(rows))
    found = compare(read([str(path)], Reading()))
    assert found.table.items.values.shape == (MOST, 12)
    assert found.table.items.repeats.shape == (MOST, 12)


def test_battles_of_very_many_systems_are_refused(tmp_path):
    path = tmp_path / "many.csv"
    rows = [f"s{i},s{(i + 1) % 1200},model_a" for i in range(1200)]
    path.write_text("model_a,model_b,winner\n" + "\n".join(rows))
    with pytest.raises(HeldoutError, match="1,200 systems met in battles"):
        rate(read([str(path)], Reading()))
