"""Encoders of categories, and classifiers that learn from what they make.

An encoder maps `Rows` to two arrays of numbers, for the rows learned from and the rows asked. Categories that were never
learned from get what stands for no knowledge: zeros in one-hot, the mean target in target codes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.seeds import Words
from heldout.tasks.estimation.categorical import Rows

Encoder = Callable[[Rows], tuple[np.ndarray, np.ndarray]]
WEIGHT = 10.0


def one_hot(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """One column of 0 and 1 for every category."""
    seen = [np.unique(column) for column in rows.codes.T]
    learned, asked = (
        np.hstack([np.equal.outer(column, known) for column, known in zip(part.T, seen, strict=True)])
        for part in (rows.codes, rows.asked)
    )
    return learned.astype(float), asked.astype(float)


def ordinal(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The codes as they are: an order that means nothing."""
    return rows.codes.astype(float), rows.asked.astype(float)


def mean_target(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The mean target of the category (Micci-Barreca, 2001), not smoothed."""
    return _target(rows.codes, rows.targets, rows.codes, 0.0), _target(rows.codes, rows.targets, rows.asked, 0.0)


def smoothed(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """The mean target, drawn towards that of all rows by the weight of ten of them."""
    return _target(rows.codes, rows.targets, rows.codes, WEIGHT), _target(rows.codes, rows.targets, rows.asked, WEIGHT)


@dataclass(frozen=True)
class Classifier:
    """A classifier that learns from encoded rows; each method is a statistic from `Rows` to probabilities."""

    kind: str

    def one_hot(self, rows: Rows, key: Words) -> np.ndarray:
        """With one column for every category."""
        return self.probabilities(one_hot, rows, key)

    def ordinal(self, rows: Rows, key: Words) -> np.ndarray:
        """With the codes as numbers."""
        return self.probabilities(ordinal, rows, key)

    def mean_target(self, rows: Rows, key: Words) -> np.ndarray:
        """With mean targets."""
        return self.probabilities(mean_target, rows, key)

    def smoothed(self, rows: Rows, key: Words) -> np.ndarray:
        """With smoothed mean targets."""
        return self.probabilities(smoothed, rows, key)

    def probabilities(self, encoder: Encoder, rows: Rows, key: Words) -> np.ndarray:
        """(asked,) chance of a target of 1."""
        learned, asked = encoder(rows)
        if len(np.unique(rows.targets)) < 2:
            return np.full(len(asked), float(rows.targets[0]))
        centre, spread = learned.mean(axis=0), learned.std(axis=0)
        spread = np.where(spread > 0, spread, 1.0)
        fitted = self._made(key).fit((learned - centre) / spread, rows.targets)
        return fitted.predict_proba((asked - centre) / spread)[:, 1]

    def _made(self, key: Words) -> Any:
        if self.kind == "tree":
            from sklearn.tree import DecisionTreeClassifier

            return DecisionTreeClassifier(min_samples_leaf=5, random_state=key.low)
        if self.kind == "neighbours":
            from sklearn.neighbors import KNeighborsClassifier

            return KNeighborsClassifier(15)
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(max_iter=1_000)


logistic, tree, neighbours = Classifier("logistic"), Classifier("tree"), Classifier("neighbours")


def _target(codes: np.ndarray, targets: np.ndarray, asked: np.ndarray, weight: float) -> np.ndarray:
    size, prior = 1 + max(int(codes.max()), int(asked.max())), targets.mean()
    found = np.empty(asked.shape)
    for column in range(codes.shape[1]):
        number = np.bincount(codes[:, column], minlength=size) + weight
        total = np.bincount(codes[:, column], weights=targets, minlength=size) + weight * prior
        mean = np.divide(total, number, out=np.full(size, prior), where=number > 0)
        found[:, column] = mean[asked[:, column]]
    return found
