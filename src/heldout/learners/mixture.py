"""Learning what each of many bots throws in which context, so as to respond to whichever of them is met."""

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from heldout.core.seeds import Words
from heldout.learners.supervised import train_split
from heldout.models.mixture_response import MixtureResponse
from heldout.models.recall import contexts, following
from heldout.tasks.games.bot_population import BotPopulation, Uniform


class State(NamedTuple):
    """How many matches were watched, and what was thrown in them: (bots, contexts, 3)."""

    step: int
    key: Words
    counts: np.ndarray


@dataclass(frozen=True)
class Mixture:
    """Counts what the bots to train on, in turn, throw against a player that throws at random.

    `recall`: pairs of throws that make a context.
    """

    recall: int
    steps: int
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "episode"

    @property
    def name(self) -> str:
        """The label, else the recall."""
        return self.label or f"mixture response, recall {self.recall}"

    def start(self, task: BotPopulation, key: Words) -> State:
        """Nothing counted."""
        return State(0, key, np.zeros((len(task.opponents(train_split(task))), contexts(self.recall), 3)))

    def advance(self, task: BotPopulation, state: State, until: int) -> State:
        """The state after match `until`."""
        bots, counts = task.opponents(train_split(task)), state.counts.copy()
        for step in range(state.step, until):
            context, bot = 0, step % len(bots)
            for mine, theirs in task.play(Uniform(), bots[bot], state.key.split("match", step)).tolist():
                counts[bot, context, theirs] += 1
                context = following(context, self.recall, mine, theirs)
        return State(max(state.step, until), state.key, counts)

    def model(self, task: BotPopulation, state: State) -> MixtureResponse:  # noqa: ARG002
        """Responds to the mixture of the bots watched."""
        return MixtureResponse(state.counts, self.recall)
