"""What a model from outside answers, checked and in one form."""

from typing import Any, NamedTuple, Protocol

import numpy as np

from heldout.core.errors import HeldoutError, first_line
from heldout.core.task import Outcomes
from heldout.tasks.interfaces import Batch, Loss, Questions


class Grader(Protocol):
    """The part of a task that knows what is wanted and what it is worth."""

    @property
    def outputs(self) -> int:
        """The number of classes, or of numbers to predict."""
        ...

    @property
    def loss(self) -> Loss:
        """Cross entropy for classes."""
        ...

    def grade(self, batch: Batch, outputs: Any) -> Any:
        """The score of each instance."""
        ...


class Answers(NamedTuple):
    """`outputs`: (n, classes) scores, or (n, k) numbers. `confidence`: (n,) probability of the answer; nan of bare labels."""

    outputs: np.ndarray
    confidence: np.ndarray


def answers(model: Any, inputs: np.ndarray, classes: int | None) -> Answers:
    """Ask for all inputs at once. `classes`: how many there are; None where numbers are wanted.

    A classifier gives (n, classes) probabilities, or logits, or (n,) labels from 0 to classes - 1. HeldoutError says what
    else came.
    """
    given, n = _asked(model, inputs), len(inputs)
    if given.ndim == 0 or len(given) != n:
        raise HeldoutError(
            f"the model answered {n} inputs with an array of shape {given.shape}: it must give one row per input"
        )
    if given.dtype == object or given.dtype.kind in "USO":
        raise HeldoutError(
            f"the model answered {given.reshape(-1)[0]!r:.40}: it must give numbers (labels as 0, 1, 2 ...)"
        )
    if classes is None:
        return Answers(given.reshape(n, -1).astype(np.float64), np.full(n, np.nan))
    if given.size == n:
        return _labels(given.reshape(n), classes)
    if given.shape != (n, classes):
        raise HeldoutError(
            f"the model answered {n} inputs with shape {given.shape}: give ({n}, {classes}) probabilities or logits, "
            f"or ({n},) labels"
        )
    scores = given.astype(np.float64)
    return Answers(scores, _confidence(scores))


def graded(task: Grader, model: Any, asked: Questions) -> Outcomes:
    """The outcomes of asking a model, graded by the task; answers with a number in them that is none score nan."""
    classes = task.outputs if task.loss == "cross entropy" else None
    found = answers(model, asked.inputs, classes)
    if classes is None and found.outputs.shape[1] != task.outputs:
        raise HeldoutError(
            f"the model answered {found.outputs.shape[1]} numbers per input: the task asks for {task.outputs}"
        )
    score = np.asarray(task.grade(Batch(asked.inputs, asked.targets), found.outputs), np.float64)
    score = np.where(np.isnan(found.outputs).reshape(len(score), -1).any(axis=1), np.nan, score)
    if classes is None:
        return Outcomes(asked.item, score, {})
    facts = {"answer": found.outputs.argmax(-1), "label": asked.targets, "confidence": found.confidence}
    return Outcomes(asked.item, score, facts)


def _asked(model: Any, inputs: np.ndarray) -> np.ndarray:
    try:
        return np.asarray(model(inputs))
    except HeldoutError:
        raise
    except Exception as error:
        line = first_line(error)
        raise HeldoutError(
            f"the model raises {type(error).__name__} on inputs of shape {inputs.shape}: {line}"
        ) from error


def _labels(given: np.ndarray, classes: int) -> Answers:
    numbers = given.astype(np.float64)
    known = np.isnan(numbers) | ((numbers == np.round(numbers)) & (numbers >= 0) & (numbers < classes))
    if not known.all():
        odd = numbers[~known][0]
        raise HeldoutError(f"the model answered the label {odd:g}: the task has 0 to {classes - 1}")
    outputs = np.zeros((len(numbers), classes))
    outputs[np.arange(len(numbers)), np.nan_to_num(numbers).astype(int)] = 1.0
    outputs[np.isnan(numbers)] = np.nan
    return Answers(outputs, np.full(len(numbers), np.nan))


def _confidence(scores: np.ndarray) -> np.ndarray:
    """The probability of each answer: as given, or of the softmax of logits."""
    finite = scores[np.isfinite(scores).all(axis=1)]
    if len(finite) and finite.min() >= 0 and finite.max() <= 1:
        typical = float(np.median(finite.sum(axis=1)))
        if abs(typical - 1) > 1e-3:  # a few may be off: naive Bayes runs out of digits far from its data
            raise HeldoutError(
                f"the model's probabilities sum to {typical:.3g}, not to 1: give probabilities, logits or labels"
            )
        return scores.max(axis=1) / np.maximum(scores.sum(axis=1), 1e-12)
    lifted = np.exp(scores - scores.max(axis=1, keepdims=True))
    return lifted.max(axis=1) / lifted.sum(axis=1)
