"""Tabular Q-learning (Watkins, 1989) against bots that change from match to match."""

from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple

import numpy as np

from heldout.core.seeds import Words
from heldout.learners.supervised import train_split
from heldout.models.action_values import ActionValues, Greedy
from heldout.models.recall import contexts
from heldout.tasks.games.bot_population import BotPopulation
from heldout.tasks.games.roshambo import LONGEST, Seat


class State(NamedTuple):
    """How many matches were played, and what every throw was found to be worth: (contexts, 3)."""

    step: int
    key: Words
    values: np.ndarray


@dataclass(frozen=True)
class QLearning:
    """One match after the other against the bots to train on, in turn; what comes of it plays greedily.

    `recall`: pairs of throws that make a context. `rate`: of learning. `discount`: of what comes later. `random`: share of
    throws at random. `goes_on`: whether the table is still learnt during each match that is asked about, anew in every one.
    """

    recall: int
    steps: int
    rate: float = 0.05
    discount: float = 0.9
    random: float = 0.2
    goes_on: bool = False
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "episode"

    @property
    def name(self) -> str:
        """The label, else the recall."""
        return self.label or f"Q-learning, recall {self.recall}"

    def start(self, task: BotPopulation, key: Words) -> State:  # noqa: ARG002
        """A table of zeros."""
        return State(0, key, np.zeros((contexts(self.recall), 3)))

    def advance(self, task: BotPopulation, state: State, until: int) -> State:
        """The state after match `until`."""
        bots, values = task.opponents(train_split(task)), state.values.tolist()
        for step in range(state.step, until):
            task.play(
                lambda seat: _Exploring(self, values, seat), bots[step % len(bots)], state.key.split("match", step)
            )
        return State(max(state.step, until), state.key, np.array(values))

    def model(self, task: BotPopulation, state: State) -> ActionValues:  # noqa: ARG002
        """The table."""
        return ActionValues(state.values, self.recall, self.rate if self.goes_on else 0.0, self.discount)


class _Exploring:
    """Greedy but for a share of its throws."""

    def __init__(self, spec: QLearning, values: list[list[float]], seat: Seat) -> None:
        self.greedy = Greedy(values, ActionValues(values, spec.recall, spec.rate, spec.discount))
        self.explores = iter((seat.generator.random(LONGEST) < spec.random).tolist())
        self.dice = iter(seat.generator.integers(3, size=LONGEST).tolist())

    def throw(self) -> int:
        die = next(self.dice)
        return die if next(self.explores) else self.greedy.throw()

    def see(self, mine: int, theirs: int) -> None:
        self.greedy.see(mine, theirs)
