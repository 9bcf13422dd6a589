"""Whether a shift really shifts: whether instances of its end are distributed otherwise than iid ones.

Instances are compared as `samples` shows them, feature by feature (pixels, text, numbers in the text), by the largest
Kolmogorov-Smirnov distance over all features, whose null distribution comes from permuting the labels.
"""

import hashlib
import re
from typing import Any

import numpy as np

from heldout.contracts.trial import ends, samples
from heldout.core.task import Sample

N, PERMUTATIONS, LEVEL = 96, 300, 0.01
SIDE, WORDS = 8, 32


def shifts(task: Any) -> tuple[str, ...]:
    """The last level of every axis and group shows other instances than iid."""
    iid = next((s for s in task.splits if s.axis is None and not s.train), None)
    if iid is None:
        return ()
    usual = samples(task, iid, N)
    problems = []
    for split in ends(task.splits):
        shown = samples(task, split, N)
        p = p_value(features(usual), features(shown))
        if p > LEVEL:
            problems.append(f"{len(shown)} samples of {split.name!r} look like iid ones (p = {p:.2g})")
    return tuple(problems)


def features(found: list[Sample]) -> np.ndarray:
    """(n, k) numbers that describe what is shown of each instance."""
    return np.stack([np.concatenate([_of_image(s.image), _of_text(f"{s.text} {s.answer}")]) for s in found])


def _of_image(image: Any) -> np.ndarray:
    if image is None:
        return np.zeros(0)
    grey = np.asarray(image, float)
    grey = grey.mean(-1) if grey.ndim == 3 else grey
    rows, columns = (np.arange(SIDE + 1) * n // SIDE for n in grey.shape)
    block = [
        grey[a : max(b, a + 1), c : max(d, c + 1)].mean()
        for a, b in zip(rows, rows[1:], strict=False)
        for c, d in zip(columns, columns[1:], strict=False)
    ]
    edges = [np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)]
    bends = [np.abs(np.diff(grey, 2, axis=axis)).mean() for axis in (0, 1)]
    return np.array([*block, grey.mean(), grey.std(), grey.min(), grey.max(), *edges, *bends])


def _of_text(text: str) -> np.ndarray:
    numbers = [float(x) for x in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)] or [0.0]
    words = np.zeros(WORDS)
    for word in re.findall(r"[^\W\d]+", text):
        words[hashlib.sha256(word.encode()).digest()[0] % WORDS] += 1
    characters = [len(text), sum(c.isdigit() for c in text), sum(c.isupper() for c in text), len(text.split())]
    return np.array([*characters, max(numbers), min(numbers), float(np.mean(numbers)), len(numbers), *words])


def p_value(first: np.ndarray, second: np.ndarray) -> float:
    """Of the hypothesis that the rows of both, (n, k) and (m, k), come from one distribution."""
    if first.shape[1] != second.shape[1]:
        return 0.0  # images on one side only
    both = np.concatenate([first, second])
    order = np.argsort(both, axis=0, kind="stable")
    ordered = np.take_along_axis(both, order, 0)
    last = np.ones(ordered.shape, bool)
    last[:-1] = ordered[1:] > ordered[:-1]  # distances count where ties end
    label = np.repeat([1 / len(first), -1 / len(second)], [len(first), len(second)])
    rng = np.random.default_rng(0)
    observed = _distance(label, order, last)
    beyond = sum(_distance(rng.permutation(label), order, last) >= observed - 1e-12 for _ in range(PERMUTATIONS))
    return (1 + beyond) / (1 + PERMUTATIONS)


def _distance(label: np.ndarray, order: np.ndarray, last: np.ndarray) -> float:
    return float(np.abs(np.cumsum(label[order], axis=0) * last).max())
