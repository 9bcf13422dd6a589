"""Estimators in the manner of scikit-learn, fitted anew for every seed."""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.core.seeds import Words
from heldout.learners.reference import found, stamp


@dataclass(frozen=True)
class Fitted:
    """An estimator with `fit` and `predict` (and `predict_proba` where it has it), or a pipeline of such.

    `given`: reference to a class that needs no arguments, to an instance (fitted or not: a clone is fitted), or to a function
    that returns one. `random_state` is set from the seed where there is such a parameter. Inputs are flattened.
    """

    given: str
    label: str = field(default="", compare=False)
    source: str = field(default="", init=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "fit"
    steps: ClassVar[int] = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", stamp(self.given))

    @property
    def name(self) -> str:
        """The label, else the name of what was given."""
        return self.label or self.given.rpartition(":")[2]

    def start(self, task: Any, key: Words) -> Words:  # noqa: ARG002
        """The seed's words."""
        return key

    def advance(self, task: Any, state: Any, until: int) -> Any:  # noqa: ARG002
        """The estimator, fitted on everything there is to learn from; one more for every split that needs its own."""
        if not isinstance(state, Words):
            return state
        return {fold: self._fit(task, state, fold) for fold in ("", *getattr(task, "folds", ()))}

    def _fit(self, task: Any, words: Words, fold: str) -> Any:
        estimator = _seeded(made(found(self.given), self.given), words)
        data = task.training(words.split("training"), *([fold] if fold else []))
        inputs = np.asarray(data.inputs)
        targets = np.asarray(data.targets)
        if task.loss == "cross entropy" and len(np.unique(targets)) == 1:  # without a domain one class may be left
            from sklearn.dummy import DummyClassifier

            return DummyClassifier().fit(inputs.reshape(len(inputs), -1), targets)
        try:
            estimator.fit(inputs.reshape(len(inputs), -1), targets)
        except Exception as error:
            line = first_line(error)
            raise HeldoutError(f"{self.given} cannot be fitted on {task.name}: {line}") from error
        return estimator

    def model(self, task: Any, state: Any) -> "Estimated":
        """What answers arrays."""
        return Estimated(state, task.outputs if task.loss == "cross entropy" else None)


@dataclass(frozen=True, eq=False)
class Estimated:
    """Fitted estimators as a function of arrays. `by_fold`: the one fitted on everything under "", and those of folds.

    `classes`: how many there are; None for numbers.
    """

    by_fold: Mapping[str, Any]
    classes: int | None

    def fold(self, split: str) -> "Estimated":
        """The estimator that never saw what a split asks about."""
        return Estimated({"": self.by_fold.get(split, self.by_fold[""])}, self.classes)

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, *shape) to (n, classes) probabilities, (n,) labels, or numbers."""
        flat, estimator = np.asarray(inputs).reshape(len(inputs), -1), self.by_fold[""]
        if self.classes is None or not hasattr(estimator, "predict_proba"):
            return np.asarray(estimator.predict(flat))
        known = np.asarray(estimator.classes_).astype(int)
        outputs = np.zeros((len(flat), self.classes))
        outputs[:, known] = estimator.predict_proba(flat)
        return outputs


def made(thing: Any, reference: str) -> Any:
    """An unfitted estimator from a class, an instance or a function without arguments."""
    if hasattr(thing, "fit") and not inspect.isclass(thing):
        from sklearn.base import clone

        try:
            return clone(thing)
        except TypeError as error:
            raise HeldoutError(f"{reference} cannot be cloned for each seed: {error}") from error
    try:
        estimator = thing()
    except TypeError as error:
        raise HeldoutError(
            f"{reference} needs arguments ({error}): write a function without arguments that returns it, in a file of "
            "your own, and name that"
        ) from error
    if not (hasattr(estimator, "fit") and hasattr(estimator, "predict")):
        raise HeldoutError(f"{reference} gives {type(estimator).__name__}, which has no fit and predict")
    return estimator


def _seeded(estimator: Any, words: Words) -> Any:
    """The estimator with every parameter called `random_state` set, those of a pipeline's parts as well."""
    if not hasattr(estimator, "get_params"):
        return estimator
    names = [n for n in estimator.get_params() if n == "random_state" or n.endswith("__random_state")]
    return estimator.set_params(**{n: int(words.split(n).low % 2**31) for n in names}) if names else estimator
