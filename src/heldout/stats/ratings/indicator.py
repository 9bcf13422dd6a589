"""Sparse matrices that say who takes part in what."""

from typing import Any

import numpy as np
from scipy import sparse


def indicator(rows: np.ndarray, columns: np.ndarray, shape: tuple[int, int], values: np.ndarray | float = 1.0) -> Any:
    """A sparse matrix of this shape with these values at these places; values at one place add up."""
    data = np.broadcast_to(np.asarray(values, float), np.shape(rows))
    return sparse.csr_matrix((data, (rows, columns)), shape=shape)


def diagonal(values: np.ndarray) -> Any:
    """A sparse matrix with these values on its diagonal."""
    n = np.arange(len(values))
    return indicator(n, n, (len(n), len(n)), values)
