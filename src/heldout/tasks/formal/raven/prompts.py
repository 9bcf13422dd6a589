"""The puzzles as prompts, for whatever answers text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.seeds import Words
from heldout.core.split import Split
from heldout.core.task import Outcomes, Sample
from heldout.tasks.formal.raven.bisection import ANSWERS
from heldout.tasks.formal.raven.puzzles import Raven
from heldout.tasks.formal.raven.text import puzzle
from heldout.tasks.interfaces import Prompt, Responder, Status
from heldout.tasks.language.answers import outcomes


@dataclass(frozen=True)
class RavenText:
    """The puzzles of `raven` in words; the last number from 1 to 8 in an answer counts. Nothing is trained, so there is no train.

    Panels (1,0) (1,2) (1,4) / (5,6) (5,7) (5,8) / (7,1) (7,3) ? are completed by (7,5).
    In (<0.70::2,0.30::3>) (2) (2) / (4) (4) (4) / (9) (9) ? it is (9).
    """

    raven: Raven = Raven()  # noqa: RUF009 - frozen

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "Raven's matrices in words"

    @property
    def splits(self) -> tuple[Split, ...]:
        """All but train."""
        return tuple(s for s in self.raven.splits if not s.train)

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """One answer in eight."""
        return self.raven.chance

    def draw(self, split: Split, key: Words, n: int) -> Sequence[Prompt]:
        """Draw `n` puzzles."""
        found = self.raven.samples(split, jax.random.wrap_key_data(jnp.asarray(key, jnp.uint32)), n)
        return [Prompt(one.text, one.answer) for one in found]

    def grade(self, prompt: Prompt, answer: str) -> tuple[float, Status]:
        """Compare the last number that could be an answer's."""
        found = re.findall(rf"\b[1-{ANSWERS}]\b", answer)
        return (float(found[-1] == prompt.target), "ok") if found else (0.0, "malformed")

    def trials(self, model: Responder, split: Split, key: Words, n: int) -> Outcomes:
        """Draw, ask and grade."""
        return outcomes(self, model, self.draw(split, key, n))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Prompts with their answers."""
        return [Sample(p.text, p.target) for p in self.draw(split, key, n)]

    def oracle(self) -> Responder:
        """Reads the puzzle back and knows its rules."""
        knower = self.raven.oracle()
        return lambda text: str(1 + int(np.asarray(knower(jnp.asarray(puzzle(text)[None])))[0].argmax()))
