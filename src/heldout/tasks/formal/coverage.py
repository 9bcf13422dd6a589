"""Which inputs a set of examples covers, by exchanging fragments that were seen to do the same.

After "The Coverage Principle: A Framework for Understanding Compositional Generalization" (Chang et al., 2025).
"""

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from heldout.core.errors import HeldoutError

Fragment = tuple[int, ...]
"""The positions of a part of an input; what stands at the others is its context."""
LARGEST = 1 << 20
"""The number of inputs, at most."""


def equivalent(seen: np.ndarray, k: int) -> np.ndarray:
    """(fragments, fragments) whether two gave the same result in at least `k` shared contexts, and another one in none.

    `seen`: (fragments, contexts) results, -1 where the two were never seen together.
    """
    if k < 1:
        raise HeldoutError(f"k={k} shared contexts are no evidence: give at least 1")
    there = (seen >= 0).astype(np.int32)
    agree = sum(
        (which @ which.T for t in np.unique(seen[seen >= 0]) for which in [(seen == t).astype(np.int32)]),
        np.zeros((len(seen), len(seen)), np.int32),
    )
    return (agree >= k) & (agree == there @ there.T)


def components(results: np.ndarray, fragments: Sequence[Fragment], k: int) -> np.ndarray:
    """The connected component of every input in the graph whose edges exchange one fragment for an equivalent one.

    `results`: (tokens, ..., tokens), one axis per position: what each input gave, -1 where it was not seen. The components have
    the same shape.
    """
    if results.size > LARGEST:
        raise HeldoutError(f"{results.size:,} inputs are too many for a graph: give at most {LARGEST:,}")
    number = np.arange(results.size).reshape(results.shape)
    start, end = [np.empty(0, int)], [np.empty(0, int)]
    for fragment in fragments:
        rows = [_matrix(which, fragment) for which in (results, number)]
        _, group = connected_components(sparse.csr_array(equivalent(rows[0], k)), directed=False)
        first = np.unique(group, return_index=True)[1][
            group
        ]  # linked to one of its group, each is linked to all of them
        start.append(rows[1].ravel())
        end.append(rows[1][first].ravel())
    links = np.concatenate(start), np.concatenate(end)
    graph = sparse.coo_array((np.ones(len(links[0]), bool), links), shape=(results.size, results.size))
    return connected_components(graph, directed=False)[1].reshape(results.shape)


def covered(results: np.ndarray, fragments: Sequence[Fragment], k: int) -> np.ndarray:
    """Whether each input is connected to one that was seen; `results` and `fragments` as for `components`."""
    found = components(results, fragments, k)
    return np.isin(found, found[results >= 0])


def cutoffs(results: np.ndarray, fragments: Sequence[Fragment], most: int) -> np.ndarray:
    """The largest k, up to `most`, for which each input is covered, 0 where it is for none; the seen ones have `most`."""
    return np.max([k * covered(results, fragments, k) for k in range(1, most + 1)], axis=0)


def _matrix(values: np.ndarray, fragment: Fragment) -> np.ndarray:
    """(fragments, contexts) of an array with one axis per position."""
    context = [axis for axis in range(values.ndim) if axis not in fragment]
    if not fragment or not context or max(fragment) >= values.ndim:
        raise HeldoutError(
            f"fragment {fragment} must leave out some of the positions 0 to {values.ndim - 1}, and not all"
        )
    size = int(np.prod([values.shape[axis] for axis in fragment]))
    return values.transpose(*fragment, *context).reshape(size, -1)
