"""Scripted agents that answer question templates: how able they are is known, and whether they know it themselves."""

from typing import Any

import numpy as np
from scipy.special import expit

BREAK_EVEN = 2 / 3
"""Below this chance of being right, answering costs more than declining where a wrong answer costs 2."""


def able_careful(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill 1.5; declines what it would rather get wrong."""
    return answers(difficulty, key, 1.5, 0.0)


def able_bold(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill 1.5; answers everything."""
    return answers(difficulty, key, 1.5, np.inf)


def able_overconfident(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill 1.5; takes itself for better by 1.5, and declines too little."""
    return answers(difficulty, key, 1.5, 1.5)


def middling_careful(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill 0.5; declines what it would rather get wrong."""
    return answers(difficulty, key, 0.5, 0.0)


def middling_bold(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill 0.5; answers everything."""
    return answers(difficulty, key, 0.5, np.inf)


def weak_careful(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill -0.5; declines what it would rather get wrong."""
    return answers(difficulty, key, -0.5, 0.0)


def weak_bold(difficulty: np.ndarray, key: Any) -> np.ndarray:
    """Skill -0.5; answers everything."""
    return answers(difficulty, key, -0.5, np.inf)


def answers(difficulty: np.ndarray, key: Any, skill: float, confidence: float) -> np.ndarray:
    """1 right, 0 declined, -1 wrong for every instance, shaped like `difficulty`.

    An instance is answered rightly with probability 1 / (1 + exp(difficulty - skill)), and declined where that, as the agent
    sees it with its skill raised by `confidence`, is below 2/3. All agents throw the same dice.
    """
    right = key.generator().random(difficulty.shape) < expit(skill - difficulty)
    declined = expit(skill + confidence - difficulty) < BREAK_EVEN
    return np.where(declined, 0, np.where(right, 1, -1))
