"""Repeated rock, paper, scissors against a population of bots, some of which are met in training and some are not."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from heldout.core import IID, TRAIN, Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.tasks.games.roshambo import BOTS, LONGEST, Player, Seat, Thrower, match, payoffs

MET, UNMET = "met", "unmet"
HELD_OUT = BOTS[2::3][:13]
"""Every third bot by name, thirteen of them."""


@dataclass(frozen=True)
class BotPopulation:
    """Matches of `throws` throws against bots; the score is the mean payoff of a throw: 1 won, 0 even, -1 lost.

    `train` and `iid`: a bot drawn from those that are not in `held_out`. Axes `met` and `unmet`: group = bot. A split holds
    `matches` matches. So against rockbot, paper every time scores 1; against copybot, which throws what would have beaten the
    player's last throw, so does the throw that beats that one.
    """

    throws: int = 200
    matches: int = 4
    held_out: tuple[str, ...] = HELD_OUT

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: ClassVar[str] = "rock, paper, scissors"
    bounds: ClassVar[tuple[float, float]] = (-1.0, 1.0)
    chance: ClassVar[float] = 0.0

    @property
    def splits(self) -> tuple[Split, ...]:
        """Some met bot, then every bot by itself."""
        kinds = [(UNMET if bot in self.held_out else MET, bot) for bot in BOTS]
        return (TRAIN, IID, *(Split(bot, kind, None, bot) for kind in (MET, UNMET) for k, bot in kinds if k == kind))

    def opponents(self, split: Split) -> tuple[str, ...]:
        """The bots that a split draws from."""
        return (split.group,) if split.group else tuple(bot for bot in BOTS if bot not in self.held_out)

    def play(self, player: Player, bot: str, key: Words) -> np.ndarray:
        """The throws of one match, (throws, 2)."""
        return match(player, bot, self.throws, key)

    def trials(self, model: Player, split: Split, key: Words, n: int) -> Outcomes:
        """At most `matches` matches; the bots' dice depend on the key only."""
        n = min(n, self.matches)
        bots = _drawn(self.opponents(split), key, n)
        scores = [payoffs(self.play(model, bot, key.split(i))).mean() for i, bot in enumerate(bots)]
        return Outcomes(item_ids(key, n), np.array(scores), {"answer": np.array(bots, object)})

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The beginning of a match against random throws, and who it was."""
        bots = _drawn(self.opponents(split), key, n)
        made = [match(Uniform(), bot, 24, key.split(split.name, i)) for i, bot in enumerate(bots)]
        return [Sample(_told(one), bot) for one, bot in zip(made, bots, strict=True)]

    def oracle(self) -> None:
        """None: nobody knows what the dice will show."""


@dataclass(frozen=True)
class Uniform:
    """Throws at random: the equilibrium, which no bot can exploit, and which exploits none."""

    def __call__(self, seat: Seat) -> Thrower:
        """Sit down."""
        return _Throws(seat.generator)


class _Throws:
    def __init__(self, generator: np.random.Generator) -> None:
        self.made = iter(generator.integers(3, size=LONGEST).tolist())

    def throw(self) -> int:
        return next(self.made)

    def see(self, mine: int, theirs: int) -> None:
        """Nothing is remembered."""


def _drawn(bots: tuple[str, ...], key: Words, n: int) -> list[str]:
    return [bots[int(i)] for i in key.split("opponents").generator().integers(len(bots), size=n)]


def _told(made: np.ndarray) -> str:
    mine, theirs = ("".join("RPS"[x] for x in side) for side in made.T)
    return f"{mine} against {theirs}"
