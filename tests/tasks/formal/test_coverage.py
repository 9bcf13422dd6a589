from itertools import product

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.coverage import components, covered, cutoffs, equivalent

FRAGMENTS = [((0, 1),), ((0,),), ((1, 2), (0,)), ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2))]


def tiny(seed, tokens=3, share=0.5, kinds=2):
    rng = np.random.default_rng(seed)
    results = rng.integers(0, kinds, (tokens,) * 3)
    return np.where(rng.random(results.shape) < share, results, -1)


def put(fragment, part, context):
    """The input with `part` at the fragment's positions and the context, in order, at the others."""
    rest = iter(context)
    at = dict(zip(fragment, part, strict=True))
    return tuple(at[i] if i in at else next(rest) for i in range(3))


def the_same(results, fragment, one, other, k):
    """Word by word: k contexts in which both were seen to give the same, and none in which both were seen and differ."""
    evidence = 0
    for context in product(range(len(results)), repeat=3 - len(fragment)):
        a, b = results[put(fragment, one, context)], results[put(fragment, other, context)]
        if a >= 0 and b >= 0:
            if a != b:
                return False
            evidence += 1
    return evidence >= k


def reached(results, fragments, k):
    """All inputs that a chain of exchanges leads to from one that was seen."""
    tokens = range(len(results))
    exchanges = {
        (fragment, one): [
            two for two in product(tokens, repeat=len(fragment)) if the_same(results, fragment, one, two, k)
        ]
        for fragment in fragments
        for one in product(tokens, repeat=len(fragment))
    }
    found = {tuple(map(int, i)) for i in np.argwhere(results >= 0)}
    todo = list(found)
    while todo:
        here = todo.pop()
        for fragment in fragments:
            context = [here[i] for i in range(3) if i not in fragment]
            for other in exchanges[fragment, tuple(here[i] for i in fragment)]:
                there = put(fragment, other, context)
                if there not in found:
                    found.add(there)
                    todo.append(there)
    return found


@pytest.mark.parametrize("fragments", FRAGMENTS)
@pytest.mark.parametrize("k", [1, 2])
def test_covered_is_what_chains_of_exchanges_lead_to(fragments, k):
    some = 0
    for seed in range(8):
        results = tiny(seed, share=0.3 + 0.05 * seed)
        found = covered(results, fragments, k)
        assert {tuple(map(int, i)) for i in np.argwhere(found)} == reached(results, fragments, k)
        some += (found & (results < 0)).sum()
    assert some > 0


def test_equivalence_asks_for_evidence_and_suffers_no_contradiction():
    seen = np.array([[0, 1, -1, 2], [0, 1, 3, -1], [0, -1, 3, 3], [-1, -1, 3, 1]])
    assert equivalent(seen, 1)[0].tolist() == [True, True, False, False]
    assert equivalent(seen, 2)[0].tolist() == [True, True, False, False]
    assert equivalent(seen, 3)[0].tolist() == [True, False, False, False]
    assert equivalent(seen, 1)[1].tolist() == [True, True, True, True]
    assert not equivalent(np.full((2, 3), -1), 1).any()


def test_a_chain_of_exchanges_leads_farther_than_one():
    results = np.full((3, 3, 3), -1)
    for row, (a, b) in enumerate([(0, 1), (1, 2)]):  # (0, 0) and (0, 1) agree before 0, (0, 1) and (0, 2) before 1
        results[0, a, row] = results[0, b, row] = row
    results[0, 0, 2] = 5
    found = covered(results, ((0, 1),), 1)
    assert found[0, 2, 2]
    assert not found[1, 0, 2]
    assert components(results, ((0, 1),), 1)[0, 2, 2] == components(results, ((0, 1),), 1)[0, 0, 2]


def test_cutoffs_fall_as_more_evidence_is_asked_for():
    results = tiny(3, tokens=5, share=0.6)
    found = cutoffs(results, ((0, 1),), 4)
    for k in range(1, 5):
        assert np.array_equal(found >= k, covered(results, ((0, 1),), k))
    assert (found[results >= 0] == 4).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: equivalent(np.zeros((2, 2), int), 0), "k=0"),
        (lambda: components(tiny(0), ((0, 1, 2),), 1), r"fragment \(0, 1, 2\)"),
        (lambda: components(tiny(0), ((3,),), 1), r"fragment \(3,\)"),
        (lambda: components(np.zeros((200, 200, 200), int), ((0,),), 1), "8,000,000 inputs"),
    ],
)
def test_what_cannot_be_done_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
