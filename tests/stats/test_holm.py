from itertools import combinations

import numpy as np

from heldout.stats.holm import holm


def test_fixed_p_values_are_rejected_as_by_closure():
    generator = np.random.default_rng(1)
    for _ in range(100):
        p = generator.random(5) ** 3
        found = holm(lambda still, share, p=p: [i for i in still if p[i] <= share], 5, 0.05)
        for i in range(5):
            sets = [j for size in range(1, 6) for j in combinations(range(5), size) if i in j]
            assert (found[i] is not None) == all(min(p[list(j)]) <= 0.05 / len(j) for j in sets)


def test_a_decided_claim_hands_its_share_on():
    p = [0.001, 0.02, 0.04]
    found = holm(lambda still, share: [i for i in still if p[i] <= share], 3, 0.05)
    assert found == [0.05 / 3, 0.05 / 2, 0.05]


def test_no_claims_and_no_rejections():
    assert holm(lambda _, __: [], 0, 0.05) == []
    assert holm(lambda _, __: [], 2, 0.05) == [None, None]
