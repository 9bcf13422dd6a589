"""How differently two sets of examples use the same atoms and compounds.

Atoms are what examples are made of (rules, words), compounds how they are put together (rule under rule, pairs of words). The
measures are those of "Measuring Compositional Generalization" (Keysers et al., 2020): 1 minus the Chernoff coefficient of the
two distributions, with alpha 0.5 for atoms, where train and test should be alike, and 0.1 for compounds, where it matters more
whether train has a compound at all than how often.
"""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError

ATOMS, COMPOUNDS = 0.5, 0.1
"""The weight of the train distribution in either divergence."""


class Occurrences(NamedTuple):
    """Where compounds occur: one row per occurrence.

    `example`, `compound`: (m,) indices. `inside`: (l, 2) pairs of rows: the first lies strictly within the second, of the same
    example.
    """

    example: np.ndarray
    compound: np.ndarray
    inside: np.ndarray


def chernoff(train: np.ndarray, test: np.ndarray, alpha: float) -> float:
    """The sum of p^alpha q^(1 - alpha) over the kinds, p and q the (k,) weights of train and test each divided by their sum.

    1 for equal distributions, 0 for disjoint ones. HeldoutError for negative or no weights at all, or alpha outside (0, 1).
    """
    if not 0 < alpha < 1:
        raise HeldoutError(f"alpha={alpha:g} must lie between 0 and 1")
    p, q = np.asarray(train, float), np.asarray(test, float)
    if p.shape != q.shape or p.ndim != 1:
        raise HeldoutError(f"weights of shapes {p.shape} and {q.shape}: give two vectors over the same kinds")
    for side, weights in (("train", p), ("test", q)):
        if not (np.isfinite(weights).all() and (weights >= 0).all() and weights.sum() > 0):
            raise HeldoutError(f"the weights of {side} must be at least 0, and some of them above it")
    both = (p > 0) & (q > 0)  # smallest numbers to a power are no longer 0
    return float(min((p[both] / p.sum()) ** alpha @ (q[both] / q.sum()) ** (1 - alpha), 1.0))


def divergence(train: np.ndarray, test: np.ndarray, alpha: float) -> float:
    """1 minus the Chernoff coefficient: 0 for equal distributions, 1 for disjoint ones."""
    return 1.0 - chernoff(train, test, alpha)


def atom_divergence(atoms: sparse.csr_array, train: np.ndarray, test: np.ndarray) -> float:
    """That of (examples, atoms) counts between the examples of two masks or index arrays."""
    return divergence(atoms[train].sum(axis=0), atoms[test].sum(axis=0), ATOMS)


def compound_divergence(compounds: sparse.csr_array, train: np.ndarray, test: np.ndarray) -> float:
    """That of (examples, compounds) weights between the examples of two masks or index arrays."""
    return divergence(compounds[train].sum(axis=0), compounds[test].sum(axis=0), COMPOUNDS)


def weights(found: Occurrences, examples: int, kinds: int) -> sparse.csr_array:
    """(examples, kinds): how much of its own each compound is in each example.

    An occurrence weighs 1 minus the largest P(G' | G) over the compounds G' that it lies within: the share of all occurrences
    of its compound G that lie within some G'. What occurs within one larger compound only weighs nothing, so that nothing is
    counted twice. In an example a compound weighs what its heaviest occurrence does (section 2.1 and appendix L.4).
    """
    example, compound = np.asarray(found.example, int), np.asarray(found.compound, int)
    inner, outer = np.asarray(found.inside, int).reshape(-1, 2).T
    if len(inner) and (example[inner] != example[outer]).any():
        raise HeldoutError("an occurrence can only lie within one of the same example")
    # one occurrence may lie within several of one kind: it counts once
    pairs = np.unique(inner * np.int64(kinds) + compound[outer]) if len(inner) else np.zeros(0, np.int64)
    inner, kind = pairs // kinds, pairs % kinds
    joint, place, times = np.unique(compound[inner] * np.int64(kinds) + kind, return_inverse=True, return_counts=True)
    often = np.bincount(compound, minlength=kinds)
    given = times / often[joint // kinds]
    explained = np.zeros(len(example))
    np.maximum.at(explained, inner, given[place])
    cell, at = np.unique(example * np.int64(kinds) + compound, return_inverse=True)
    heaviest = np.zeros(len(cell))
    np.maximum.at(heaviest, at, 1.0 - explained)
    made = sparse.csr_array((heaviest, (cell // kinds, cell % kinds)), shape=(examples, kinds))
    made.eliminate_zeros()
    return made
