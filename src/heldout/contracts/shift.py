"""Whether a shift really shifts: whether instances of its end are distributed otherwise than iid ones.

Instances are compared as `samples` shows them (pixels, text, numbers in the text) and as a model fares on them (score and
facts), feature by feature, by the largest Kolmogorov-Smirnov distance, whose null distribution comes from permuting labels.
"""

import hashlib
import re
from typing import Any

import numpy as np

from heldout.contracts.trial import ends, samples, trial
from heldout.core.task import Outcomes, Sample

N, TRIALS, PERMUTATIONS, LEVEL = 96, 512, 500, 0.01
SIDE, WORDS, NUMBERS = 8, 32, 8


def shifts(task: Any, model: Any = None) -> tuple[str, ...]:
    """The last level of every axis and group has other instances than iid, to the eye or to a model (the oracle, if any)."""
    usual = [s for s in task.splits if s.axis is None and not s.train][:1]
    asked = model if (oracle := task.oracle()) is None else oracle
    problems = []
    for iid, split in ((u, e) for u in usual for e in ends(task.splits)):
        p = p_value(features(samples(task, iid, N)), features(samples(task, split, N)))
        if p > LEVEL / 2 and asked is not None:
            p = min(p, p_value(*(_of_outcomes(trial(task, asked, s, TRIALS)) for s in (iid, split))))
        if p > LEVEL / 2:
            problems.append(
                f"instances of {split.name!r} look like iid ones and are as hard (p = {2 * min(p, 0.5):.2g})"
            )
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
    counts = [
        len(text),
        sum(c.isdigit() for c in text),
        sum(c.isupper() for c in text),
        len(text.split()),
        len(numbers),
    ]
    each = np.resize([*numbers, *[0.0] * NUMBERS], NUMBERS)
    return np.array(
        [*counts, max(numbers), min(numbers), float(np.mean(numbers)), np.linalg.norm(numbers), *each, *words]
    )


def _of_outcomes(found: Outcomes) -> np.ndarray:
    facts = [v for _, v in sorted(found.facts.items()) if v.ndim == 1 and v.dtype.kind in "fiub"]
    return np.stack([found.score, *facts], axis=1).astype(float)


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
