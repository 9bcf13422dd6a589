from itertools import product

import numpy as np
import pytest
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.stats.divergence import atom_divergence, compound_divergence
from heldout.stats.splitting import ATOMS, COMPOUNDS, OUT, TEST, TRAIN, Kinds, Wanted, matched, split


def pairs(n, verbs, nouns, seed=0):
    """Sentences of a verb and a noun; the pair is the compound."""
    verb, noun = np.random.default_rng(seed).integers(0, [verbs, nouns], (n, 2)).T
    ones, row = np.ones(n), np.arange(n)
    atoms = sparse.csr_array((ones, (row, verb)), shape=(n, verbs + nouns))
    atoms = atoms + sparse.csr_array((ones, (row, verbs + noun)), shape=(n, verbs + nouns))
    return atoms, sparse.csr_array((ones, (row, verb * nouns + noun)), shape=(n, verbs * nouns))


@pytest.mark.parametrize("asked", [0.1, 0.4, 0.7, 0.95])
def test_divergences_asked_for_are_reached_and_are_those_of_the_definition(asked):
    atoms, compounds = pairs(1500, 10, 12)
    found = split(atoms, compounds, Wanted(asked))
    assert found.reached
    assert found.compounds == pytest.approx(compound_divergence(compounds, found.train, found.test))
    assert found.atoms == pytest.approx(atom_divergence(atoms, found.train, found.test))
    assert abs(found.compounds - asked) <= 0.01
    assert found.atoms <= 0.02
    used = len(found.train) + len(found.test)
    assert used >= 750
    assert len(found.test) == round(0.2 * used)


def test_the_smallest_divergence_is_below_that_of_chance():
    atoms, compounds = pairs(600, 12, 12)
    random = np.mean([compound_divergence(compounds, p[:480], p[480:]) for p in permutations(600, 20)])
    found = split(atoms, compounds, Wanted(0.0, atoms=0.05))
    assert found.compounds < random / 2


def permutations(n, times):
    rng = np.random.default_rng(0)
    return [rng.permutation(n) for _ in range(times)]


def test_the_same_seed_gives_the_same_split_and_another_another():
    atoms, compounds = pairs(400, 8, 8)
    sides = [split(atoms, compounds, Wanted(0.6), seed).side for seed in (1, 1, 2)]
    assert np.array_equal(sides[0], sides[1])
    assert not np.array_equal(sides[0], sides[2])


def test_nothing_is_left_out_unless_it_may_be():
    atoms, compounds = pairs(500, 6, 6)
    found = split(atoms, compounds, Wanted(0.5, leave_out=0.0))
    assert found.reached
    assert (found.side != OUT).all()


@pytest.mark.parametrize("seed", range(6))
def test_on_tiny_sets_it_comes_near_the_best_of_all_splits(seed):
    atoms, compounds = pairs(11, 2, 3, seed)
    wanted = Wanted(0.8, 0.3, atoms=0.05, leave_out=0.0, tolerance=0.03)
    kinds = Kinds(atoms, 0.5), Kinds(compounds, 0.1)
    best = np.inf
    for chosen in product((TRAIN, TEST), repeat=11):
        side = np.array(chosen)
        if (side == TEST).sum() == 3:
            a, c = (k.divergence(k.sums(side)) for k in kinds)
            best = min(best, abs(c - 0.8) + 10 * max(0.0, a - 0.05))
    found = split(atoms, compounds, wanted)
    missed = abs(found.compounds - 0.8) + 10 * max(0.0, found.atoms - 0.05)
    assert missed <= max(best, wanted.tolerance) + 0.05
    assert found.reached == (missed <= wanted.tolerance)


def test_what_cannot_be_reached_is_said():
    ones = sparse.csr_array(np.ones((50, 1)))
    found = split(ones, ones, Wanted(0.5))
    assert (found.reached, found.compounds, found.atoms) == (False, pytest.approx(0.0), pytest.approx(0.0))


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("alpha", [ATOMS, COMPOUNDS])
def test_the_divergence_after_one_more_is_that_of_the_larger_set(part, alpha):
    _, compounds = pairs(60, 4, 4)
    kind, side = Kinds(compounds, alpha), np.repeat([TRAIN, TEST, OUT], 20)
    after = []
    for row in range(40, 60):
        larger = side.copy()
        larger[row] = part + 1
        after.append(kind.divergence(kind.sums(larger)))
    np.testing.assert_allclose(kind.changed(kind.sums(side), np.arange(40, 60), part), after)
    before = []
    for row in np.flatnonzero(side == part + 1):
        smaller = side.copy()
        smaller[row] = OUT
        before.append(kind.divergence(kind.sums(smaller)))
    np.testing.assert_allclose(kind.changed(kind.sums(side), np.flatnonzero(side == part + 1), part, -1), before)


def test_what_cannot_be_split_is_one_line():
    atoms, compounds = pairs(20, 3, 3)
    for wrong, message in (
        (Wanted(1.5), "divergence=1.5"),
        (Wanted(0.5, share=1.0), "test share of 1"),
        (Wanted(0.5, leave_out=2), "leave_out=2"),
    ):
        with pytest.raises(HeldoutError, match=message):
            split(atoms, compounds, wrong)
    with pytest.raises(HeldoutError, match="9 examples are too few"):
        split(atoms[:9], compounds[:9], Wanted(0.5))
    with pytest.raises(HeldoutError, match="no example has compounds"):
        split(atoms, 0 * compounds, Wanted(0.5))
    with pytest.raises(HeldoutError, match="same examples"):
        split(atoms, compounds[:9], Wanted(0.5))


@pytest.mark.parametrize("asked", [0.2, 0.5])
def test_a_test_set_is_matched_to_a_train_set_that_stays(asked):
    atoms, compounds = pairs(2000, 12, 12)
    first = split(atoms, compounds, Wanted(0.8))
    train, spare = first.train[100:], first.train[:100]
    pool = np.concatenate([first.test, spare, np.flatnonzero(first.side == OUT)])
    found = matched(atoms, compounds, train, pool, 120, Wanted(asked, tolerance=0.02))
    assert found.reached
    assert np.array_equal(found.train, train)
    assert set(found.test) <= set(pool)
    assert len(found.test) == 120
    assert found.compounds == pytest.approx(compound_divergence(compounds, train, found.test))
    with pytest.raises(HeldoutError, match="to choose 121 from"):
        matched(atoms, compounds, train, pool[:120], 121, Wanted(asked))
