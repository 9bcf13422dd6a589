"""Asking a responder, and keeping what it said."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from heldout.core import Outcomes
from heldout.core.seeds import words
from heldout.tasks.interfaces import Prompt, Prompts, Responder, Status


def outcomes(task: Prompts, responder: Responder, prompts: Sequence[Prompt]) -> Outcomes:
    """One row per prompt; facts: the `answer` as text, and its `status`. Equal texts have equal ids."""
    answers = [responder(prompt.text) for prompt in prompts]
    graded = [_graded(task, *pair) for pair in zip(prompts, answers, strict=True)]
    facts = {
        "answer": np.array([a if isinstance(a, str) else "" for a in answers], object),
        "status": np.array([status for _, status in graded]),
    }
    ids = np.array([words(prompt.text) for prompt in prompts], np.uint32)
    return Outcomes(ids, np.array([score for score, _ in graded]), facts)


def _graded(task: Prompts, prompt: Prompt, answer: Any) -> tuple[float, Status]:
    """What is no text scores the lowest, as does no answer at all."""
    if not isinstance(answer, str):
        return task.bounds[0], "malformed"
    return task.grade(prompt, answer) if answer.strip() else (task.bounds[0], "empty")
