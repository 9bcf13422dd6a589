"""Whether a shift really shifts: whether instances of its end are distributed otherwise than iid ones.

Instances are compared as `samples` shows them (pixels, text, numbers in the text), as a model fares on them (score and
facts), and as what is shown goes with the answer, for shifts of that relation only; feature by feature, by the largest
Kolmogorov-Smirnov distance, whose null distribution comes from permuting labels.
"""

import hashlib
import re
from typing import Any

import numpy as np

from heldout.contracts.trial import MANY, ends, samples, trial
from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample

SHOWN, MORE, PERMUTATIONS, LEVEL = 96, 384, 400, 0.01
WAYS = 3
"""Ways of comparing, each at its share of the level."""

SIDE, WORDS, NUMBERS = 8, 32, 8


def shifts(task: Any, model: Any = None) -> tuple[str, ...]:
    """The last level of every axis and group has other instances than iid, to the eye or to a model (the oracle, if any)."""
    iid = next((s for s in task.splits if s.axis is None and not s.train), None)
    if iid is None:
        return ()
    asked = model if (oracle := task.oracle()) is None else oracle
    usual = samples(task, iid, SHOWN)
    problems = []
    for split in ends(task.splits):
        p = _least(task, asked, (usual, samples(task, split, SHOWN)), (iid, split))
        if p > LEVEL / WAYS:
            said = f"instances of {split.name!r} look like iid ones and are as hard"
            problems.append(f"{said} (p = {min(WAYS * p, 1.0):.2g})")
    return tuple(problems)


def _least(task: Any, asked: Any, shown: tuple[list[Sample], ...], splits: tuple[Split, Split]) -> float:
    """The p-value of the first way that tells two splits apart, else the least of all."""
    tables = [features(found, split.name) for found, split in zip(shown, splits, strict=True)]
    p = p_value(*tables)
    if p > LEVEL / WAYS and asked is not None:
        p = min(p, p_value(*(_of_outcomes(trial(task, asked, s, MANY)) for s in splits)))
    if p > LEVEL / WAYS:
        shown = tuple(
            samples(task, split, MORE) for split in splits
        )  # a relation takes more to be seen than a thing does
        tables = [features(found, split.name) for found, split in zip(shown, splits, strict=True)]
        answer, low = shown[0][0].answer, min(table.min() for table in tables) - 1.0
        alike = [np.array([s.answer == answer for s in found])[:, None] for found in shown]
        p = min(p, p_value(*(np.where(mine, table, low) for mine, table in zip(alike, tables, strict=True))))
    return p


def features(found: list[Sample], split: str = "") -> np.ndarray:
    """(n, k) numbers that describe what is shown of each instance; an image's caption and a split's name do not count."""
    texts = [
        s.answer if s.image is not None else f"{s.text.replace(split, '') if split else s.text} {s.answer}"
        for s in found
    ]
    return np.stack([np.concatenate([_of_image(s.image), _of_text(t)]) for s, t in zip(found, texts, strict=True)])


def _of_image(image: Any) -> np.ndarray:
    if image is None:
        return np.zeros(0)
    grey = np.asarray(image, float)
    colour = grey.mean((0, 1)) if grey.ndim == 3 else np.zeros(0)
    grey = grey.mean(-1) if grey.ndim == 3 else grey
    rows, columns = (np.arange(SIDE + 1) * n // SIDE for n in grey.shape)
    block = [
        grey[a : max(b, a + 1), c : max(d, c + 1)].mean()
        for a, b in zip(rows, rows[1:], strict=False)
        for c, d in zip(columns, columns[1:], strict=False)
    ]
    edges = [np.abs(np.diff(grey, axis=axis)).mean() for axis in (0, 1)]
    bends = [np.abs(np.diff(grey, 2, axis=axis)).mean() for axis in (0, 1)]
    return np.array([*block, *colour, grey.mean(), grey.std(), grey.min(), grey.max(), *edges, *bends])


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
