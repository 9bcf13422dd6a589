import numpy as np
import pytest
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.stats.divergence import (
    ATOMS,
    COMPOUNDS,
    Occurrences,
    atom_divergence,
    chernoff,
    compound_divergence,
    divergence,
    weights,
)


@pytest.mark.parametrize("alpha", [0.1, 0.5, 0.9])
def test_equal_distributions_do_not_diverge_whatever_their_size_and_disjoint_ones_do_wholly(alpha):
    p = np.random.default_rng(0).random(50)
    assert divergence(p, 7 * p, alpha) == pytest.approx(0.0, abs=1e-12)
    assert divergence(np.r_[p, 0 * p], np.r_[0 * p, p], alpha) == 1.0


def test_at_a_half_it_is_the_bhattacharyya_coefficient_and_symmetric():
    p, q = np.random.default_rng(1).dirichlet(np.ones(9), 2)
    assert chernoff(p, q, ATOMS) == pytest.approx(np.sqrt(p * q).sum())
    assert chernoff(p, q, ATOMS) == chernoff(q, p, ATOMS)


def test_a_few_in_train_make_a_compound_known():
    train, test = np.array([0.001, 0.001, 0.998, 0]), np.array([0.4, 0.4, 0, 0.2])
    assert chernoff(train, test, COMPOUNDS) == pytest.approx(2 * 0.001**0.1 * 0.4**0.9)
    assert chernoff(train, test, COMPOUNDS) == pytest.approx(0.44, abs=0.005)
    assert chernoff(train, test, ATOMS) == pytest.approx(0.04, abs=0.001)


def test_two_coins_have_the_closed_form():
    assert chernoff(np.array([3, 1]), np.array([1, 1]), 0.1) == pytest.approx(
        0.75**0.1 * 0.5**0.9 + 0.25**0.1 * 0.5**0.9
    )


def test_the_divergence_between_parts_is_that_of_their_sums():
    counts = sparse.csr_array(np.random.default_rng(2).integers(0, 3, (20, 6)))
    dense, train = counts.toarray(), np.arange(20) < 13
    expected = divergence(dense[train].sum(0), dense[~train].sum(0), ATOMS)
    assert atom_divergence(counts, train, ~train) == pytest.approx(expected)
    assert atom_divergence(counts, np.flatnonzero(train), np.flatnonzero(~train)) == pytest.approx(expected)
    assert compound_divergence(counts, train, ~train) == pytest.approx(
        divergence(dense[train].sum(0), dense[~train].sum(0), COMPOUNDS)
    )


@pytest.mark.parametrize(
    ("train", "test", "alpha", "message"),
    [
        ([1.0], [1.0], 0.0, "alpha=0"),
        ([1.0], [1.0, 2.0], 0.5, "two vectors"),
        ([0.0, 0.0], [1.0, 0.0], 0.5, "of train"),
        ([1.0, 0.0], [-1.0, 2.0], 0.5, "of test"),
    ],
)
def test_what_is_no_distribution_is_one_line(train, test, alpha, message):
    with pytest.raises(HeldoutError, match=message):
        chernoff(np.array(train), np.array(test), alpha)


def test_what_occurs_in_one_larger_compound_only_weighs_nothing():
    # a within b in all three examples, b within c, d, e in one each
    example = np.repeat([0, 1, 2], 3)
    compound = np.array([0, 1, 2, 0, 1, 3, 0, 1, 4])
    inside = [(3 * i + a, 3 * i + b) for i in range(3) for a, b in ((0, 1), (0, 2), (1, 2))]
    made = weights(Occurrences(example, compound, np.array(inside)), 3, 5).toarray()
    thirds = 2 / 3
    np.testing.assert_allclose(made, [[0, thirds, 1, 0, 0], [0, thirds, 0, 1, 0], [0, thirds, 0, 0, 1]])


def by_hand(found, examples, kinds):
    rows = list(zip(found.example, found.compound, strict=True))
    above = {i: {found.compound[b] for a, b in found.inside if a == i} for i in range(len(rows))}

    def share(outer, inner):
        own = [i for i, (_, c) in enumerate(rows) if c == inner]
        return sum(outer in above[i] for i in own) / len(own)

    made = np.zeros((examples, kinds))
    for i, (example, compound) in enumerate(rows):
        own = 1 - max((share(outer, compound) for outer in above[i]), default=0.0)
        made[example, compound] = max(made[example, compound], own)
    return made


def test_weights_are_those_of_the_definition():
    rng = np.random.default_rng(4)
    for _ in range(20):
        example, compound = np.sort(rng.integers(0, 6, 40)), rng.integers(0, 7, 40)
        pairs = [
            (a, b)
            for a in range(40)
            for b in range(40)
            if example[a] == example[b] and compound[a] < compound[b] and rng.random() < 0.5
        ]
        found = Occurrences(example, compound, np.array(pairs))
        np.testing.assert_allclose(weights(found, 6, 7).toarray(), by_hand(found, 6, 7))


def test_without_larger_compounds_every_compound_counts_once_an_example():
    found = Occurrences(np.array([0, 0, 1]), np.array([1, 1, 0]), np.zeros((0, 2), int))
    assert weights(found, 2, 2).toarray().tolist() == [[0, 1], [1, 0]]


def test_an_occurrence_lies_within_its_own_example():
    with pytest.raises(HeldoutError, match="same example"):
        weights(Occurrences(np.array([0, 1]), np.array([0, 1]), np.array([[0, 1]])), 2, 2)
