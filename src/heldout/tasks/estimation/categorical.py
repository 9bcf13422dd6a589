"""Tables of categories with a binary target, drawn afresh."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from scipy.stats import rankdata

from heldout.core import Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.interfaces import Statistic

COLUMNS, LEVELS = 4, (3, 100)


class Rows(NamedTuple):
    """What is learned from, and what is asked: codes (n, columns) of categories, and targets (n,) of 0 and 1."""

    codes: np.ndarray
    targets: np.ndarray
    asked: np.ndarray


class Drawn(NamedTuple):
    """A table, and the targets of the rows that are asked."""

    rows: Rows
    wanted: np.ndarray


def table(levels: int | None, key: Words, n: int = 300, asked: int = 300) -> Drawn:
    """A fresh table: every category has an effect on the log-odds, and so has every pair of the first two columns.

    `levels`: categories of each column, else drawn between 3 and 100 for each. Frequencies follow Zipf's law, exponent
    0 to 1.5.
    """
    rng = key.generator()
    sizes = np.full(COLUMNS, levels) if levels else np.exp(rng.uniform(np.log(3), np.log(100), COLUMNS)).astype(int)
    codes, odds = np.empty((n + asked, COLUMNS), int), np.zeros(n + asked)
    for column, size in enumerate(sizes):
        share = np.arange(1, size + 1) ** -rng.uniform(0, 1.5)
        codes[:, column] = rng.permutation(size)[rng.choice(size, n + asked, p=share / share.sum())]
        odds += rng.standard_normal(size)[codes[:, column]]
    odds += rng.standard_normal((sizes[0], sizes[1]))[codes[:, 0], codes[:, 1]]
    targets = (rng.random(n + asked) < 1 / (1 + np.exp(-odds))).astype(int)
    return Drawn(Rows(codes[:n], targets[:n], codes[n:]), targets[n:])


def auc(wanted: np.ndarray, given: np.ndarray) -> float:
    """Area under the ROC curve: how often a positive row is given more than a negative one, ties one half."""
    positive = int(wanted.sum())
    if positive in (0, len(wanted)):
        return 0.5
    above = rankdata(given)[wanted == 1].sum() - positive * (positive + 1) / 2
    return float(above / (positive * (len(wanted) - positive)))


@dataclass(frozen=True)
class Categories:
    """Rows of categories with targets are learned from, others are asked; the score is the AUC of the probabilities given.

    Axis `categories`: of each column; `iid`: a number of its own for each column.
    """

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "categories"
    splits: ClassVar[tuple[Split, ...]] = (
        Split("iid"),
        *(Split(f"{n}-categories", "categories", n) for n in LEVELS),
    )
    bounds: ClassVar[tuple[float, float]] = (0.0, 1.0)
    chance: ClassVar[float] = 0.5

    def observe(self, split: Split, key: Words) -> Rows:
        """One table."""
        return _of(split, key).rows

    def truth(self, split: Split, key: Words) -> np.ndarray:
        """The targets of the rows asked."""
        return _of(split, key).wanted

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """`n` tables."""
        scores = np.empty(n)
        for i in range(n):
            drawn = _of(split, key.split(i))
            scores[i] = auc(drawn.wanted, model(drawn.rows, key.split(i, "learning")))
        return Outcomes(item_ids(key, n), scores, {})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The first rows of tables, with their targets."""
        drawn = [_of(split, key.split(i)).rows for i in range(n)]
        return [
            Sample(f"{d.codes[:4].tolist()} of {len(np.unique(d.codes))}", f"{d.targets[:4].tolist()}") for d in drawn
        ]

    def oracle(self) -> None:
        """None: the effects cannot be known."""


def _of(split: Split, key: Words) -> Drawn:
    return table(int(split.level) if split.level else None, key)
