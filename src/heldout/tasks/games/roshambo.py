"""Matches of rock, paper, scissors against the bots of the package open-spiel: adapts it, and is the only file that imports it."""

import ctypes
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words

# The names that open-spiel gives them. Some dozen are simple on purpose, the others entered the tournaments of 1999 and 2000.
BOTS = (
    "actr_lag2_decay",
    "adddriftbot2",
    "addshiftbot3",
    "antiflatbot",
    "antirotnbot",
    "biopic",
    "boom",
    "copybot",
    "debruijn81",
    "driftbot",
    "flatbot3",
    "foxtrotbot",
    "freqbot2",
    "granite",
    "greenberg",
    "halbot",
    "inocencio",
    "iocainebot",
    "marble",
    "markov5",
    "markovbails",
    "mixed_strategy",
    "mod1bot",
    "multibot",
    "peterbot",
    "phasenbott",
    "pibot",
    "piedra",
    "predbot",
    "r226bot",
    "randbot",
    "robertot",
    "rockbot",
    "rotatebot",
    "russrocker4",
    "shofar",
    "sunCrazybot",
    "sunNervebot",
    "sweetrock",
    "switchalot",
    "switchbot",
    "textbot",
    "zq_move",
)

LONGEST = 1000
"""Throws of a tournament's match. Bots are always told so many: greenberg writes beyond its memory when told of fewer."""


class Seat(NamedTuple):
    """What a player is given when a match begins: the state, which only bots read, and randomness of its own."""

    state: Any
    generator: np.random.Generator


class Thrower(Protocol):
    """A player in one match."""

    def throw(self) -> int:
        """Rock (0), paper (1) or scissors (2)."""
        ...

    def see(self, mine: int, theirs: int) -> None:
        """What both threw."""
        ...


Player = Callable[[Seat], Thrower]
"""Sits down to a new match."""


def match(player: Player, bot: str, throws: int, key: Words) -> np.ndarray:
    """Both sides' throws, (throws, 2), the player's first; the key decides what the bot's dice show, whoever plays it."""
    if not 0 < throws <= LONGEST:
        raise HeldoutError(f"a match of {throws} throws: the bots play 1 to {LONGEST}")
    _dice()(key.split("bot").low)
    state = _game(throws).new_initial_state()
    opponent = _sit(1, bot)
    mine = player(Seat(state, key.split("player").generator()))
    made = np.empty((throws, 2), np.int8)
    for turn in range(throws):
        a, b = mine.throw(), opponent.step(state)
        state.apply_actions([a, b])
        mine.see(a, b)
        made[turn] = a, b
    return made


def payoffs(made: np.ndarray) -> np.ndarray:
    """1 where the first side won, -1 where it lost, 0 where both threw the same: (throws,)."""
    return ((made[:, 0] - made[:, 1] + 1) % 3 - 1).astype(int)


@dataclass(frozen=True)
class Entrant:
    """One of the bots, as a player; its dice are those of the match."""

    name: str

    def __call__(self, seat: Seat) -> Thrower:
        """Sit down."""
        return _Seated(_sit(0, self.name), seat.state)


class _Seated(NamedTuple):
    bot: Any
    state: Any

    def throw(self) -> int:
        return self.bot.step(self.state)

    def see(self, mine: int, theirs: int) -> None:
        """Bots read the state."""


def _sit(side: int, bot: str) -> Any:
    if bot not in BOTS:
        raise HeldoutError(f"no bot is called {bot!r}; there is {', '.join(BOTS)}")
    return _pyspiel().make_roshambo_bot(side, bot, LONGEST)


@lru_cache(maxsize=8)
def _game(throws: int) -> Any:
    return _pyspiel().load_game(f"repeated_game(stage_game=matrix_rps(),num_repetitions={throws})")


@lru_cache(maxsize=1)
def _dice() -> Callable[[int], None]:
    """Sets what the C library's `random` gives next, from which all bots draw."""
    return ctypes.CDLL(None).srandom


@lru_cache(maxsize=1)
def _pyspiel() -> Any:
    try:
        import pyspiel  # pyright: ignore[reportMissingImports]
    except ModuleNotFoundError:
        raise HeldoutError(
            "the bots are in the package 'open-spiel', which is not installed: pip install 'heldout[games]'"
        ) from None
    return pyspiel
