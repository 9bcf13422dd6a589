"""Who can be compared: the graph of wins, and its components.

The Bradley-Terry likelihood has a maximum if and only if, however the systems are split in two, somebody of each side
won against somebody of the other: the graph of wins is strongly connected (Ford, 1957). A tie counts as a win each way.
"""

from typing import NamedTuple

import numpy as np
from scipy.sparse.csgraph import connected_components

from heldout.stats.ratings.counts import Counts
from heldout.stats.ratings.indicator import indicator


class Connectivity(NamedTuple):
    """(systems,) codes of components: `met`, of those linked by battles at all; `beaten`, of those linked by wins both ways.

    `circle`: whether wins alone, without ties, lead from some system back to it, be it over others.
    """

    met: np.ndarray
    beaten: np.ndarray
    circle: bool = True

    @property
    def whole(self) -> bool:
        """Whether everybody is linked to everybody by wins both ways: ratings exist without a prior."""
        return bool((self.beaten == 0).all())

    @property
    def settled(self) -> bool:
        """Whether wins link both ways everybody whom battles link at all: within each group ratings exist."""
        return int(self.beaten.max()) == int(self.met.max())

    def exists(self, *, tied: bool) -> bool:
        """Whether the likelihood has a maximum; where ties have a parameter of their own, wins must go round, too.

        Else strengths and ties can grow for ever together: all wins go one way, and ties are where they are close.
        """
        return self.settled and (self.circle or not tied)

    @property
    def joined(self) -> bool:
        """Whether battles link everybody to everybody, be it one way."""
        return bool((self.met == 0).all())


def connectivity(counts: Counts) -> Connectivity:
    """The components of the graph of wins; equal counts of wins are not asked for, one each way is enough."""
    first, tie, second = counts.counts.T > 0
    forth, back = first | tie, second | tie
    rows = np.concatenate([counts.first[forth], counts.second[back]])
    columns = np.concatenate([counts.second[forth], counts.first[back]])
    graph = indicator(rows, columns, (counts.systems, counts.systems))
    met = connected_components(graph, directed=True, connection="weak")[1]
    beaten = connected_components(graph, directed=True, connection="strong")[1]
    clear = np.concatenate([first, second])
    rows, columns = (
        np.concatenate(pair)[clear] for pair in ((counts.first, counts.second), (counts.second, counts.first))
    )
    number = connected_components(indicator(rows, columns, graph.shape), directed=True, connection="strong")[0]
    return Connectivity(_numbered(met), _numbered(beaten), number < counts.systems)


def _numbered(codes: np.ndarray) -> np.ndarray:
    """Codes by descending size, equal sizes by their first member."""
    _, first, inverse, sizes = np.unique(codes, return_index=True, return_inverse=True, return_counts=True)
    order = np.lexsort((first, -sizes))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return place[inverse]
