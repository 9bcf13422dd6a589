"""Commands to be turned into actions, with test sets that combine known words anew.

After "Generalization without Systematicity" (Lake and Baroni, 2018); templates held out as by Loula et al. (2018).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import ClassVar, Literal, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import IID, TRAIN, Split
from heldout.tasks.formal.translation import END, Pairs, Text, Translation

VERBS = ("walk", "look", "run")
JUMP, TURN = "jump", "turn"
TIMES = {"twice": 2, "thrice": 3}
CONJUNCTIONS = ("and", "after")
Held = Literal["jump", "around right", "length"]
Difficulty = Literal["all", "easy", "hard"]
SHORT = 22
"""The number of actions up to which commands are trained on in the length split."""
ALONE = 0.1
"""How often `jump` alone is drawn in training where nothing else has it, as in the published files."""
LEAST, MOST = 64, 30_000
"""How many commands may be trained on; of more, a sample must be asked for."""
HELD = 0.1
"""The share of the train part that is kept for `iid`, at most `ASKED`; so many at most are asked of the shift where it is a sample."""
ASKED = 1000


class Command(NamedTuple):
    """The words, and the actions."""

    words: Text
    actions: Text


@dataclass(frozen=True)
class Scan(Translation):
    """Give the actions for a command, trained on commands that lack a word, a template or a length.

    `held`: "jump" trains on that verb alone and tests all that combines it; "around right" lacks these two words, and is tested on
    every verb before them but `turn`; "length" trains on commands of up to 22 actions. `times`: so many times the three other
    verbs there are, the further ones called `walk-2` and so on. `longest`: the most actions a command may have. `commands`: how many to
    train on, drawn evenly, with every verb alone among them; 0 takes all there are. `difficulty`: which of them, by their actions: "easy"
    the shorter half, "hard" the longer. `iid` has other commands of the kind that is trained on.

    `jump opposite left twice` is LTURN LTURN JUMP LTURN LTURN JUMP. `walk after turn around right` is RTURN RTURN RTURN RTURN WALK.
    """

    held: Held = "jump"
    times: int = 1
    longest: int = 48
    commands: int = 0
    difficulty: Difficulty = "all"
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if self.held not in TESTS:
            raise HeldoutError(f"held={self.held!r} is no split: there is {', '.join(TESTS)}")
        if self.difficulty not in ("all", "easy", "hard"):
            raise HeldoutError(f"difficulty={self.difficulty!r} must be all, easy or hard")
        if not 1 <= self.times <= 200:
            raise HeldoutError(f"times={self.times} must lie between 1 and 200")
        fewest = SHORT + 2 if self.held == "length" else 8
        if not fewest <= self.longest <= 48:
            raise HeldoutError(
                f"longest={self.longest} must lie between {fewest} and 48 actions for held={self.held!r}"
            )
        least = max(LEAST, 3 * self.times + 1)
        if self.commands and not least <= self.commands <= MOST:
            raise HeldoutError(f"commands={self.commands} must be 0, for all, or lie between {least} and {MOST:,}")
        if not self.commands and self.times > 1:
            raise HeldoutError(
                f"commands=0 takes all, which are too many with times={self.times}: give a number up to {MOST:,}"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        more = f", {self.times} times the verbs" if self.times > 1 else ""
        which = "" if self.difficulty == "all" else f" {self.difficulty}"
        size = f", {self.commands:,}{which} commands" if self.commands else which and f",{which} commands"
        return self.label or f"SCAN without {self.held}{more}{size}"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and what combines words anew."""
        return TRAIN, IID, Split(f"new {self.held}", self.held)

    @property
    def pairs(self) -> Pairs:
        """The table."""
        return laid_out(self)


def has(text: Text, part: Text) -> bool:
    """Whether the words stand side by side in the text."""
    return any(text[i : i + len(part)] == part for i in range(len(text)))


TESTS: dict[str, tuple[Callable[[Command], bool], Callable[[Command], bool]]] = {
    "jump": (lambda c: JUMP not in c.words or c.words == (JUMP,), lambda c: JUMP in c.words and c.words != (JUMP,)),
    "around right": (
        lambda c: not has(c.words, ("around", "right")),
        lambda c: has(c.words, ("around", "right")) and not has(c.words, (TURN, "around", "right")),
    ),
    "length": (lambda c: len(c.actions) <= SHORT, lambda c: len(c.actions) > SHORT),
}
"""Which commands are trained on, and which are tested."""


def verbs(times: int) -> Text:
    """The verbs that stand for an action each; `jump` is the last."""
    return (*(verb if i == 1 else f"{verb}-{i}" for i in range(1, times + 1) for verb in VERBS), JUMP)


def phrases(known: Sequence[str]) -> list[Command]:
    """All commands without a conjunction."""
    found = [Command((verb,), (verb.upper(),)) for verb in known]
    for verb, side in product((*known, TURN), ("left", "right")):
        act, turn = () if verb == TURN else (verb.upper(),), ("LTURN" if side == "left" else "RTURN",)
        found += [
            Command((verb, side), (*turn, *act)),
            Command((verb, "opposite", side), (*turn, *turn, *act)),
            Command((verb, "around", side), (*turn, *act) * 4),
        ]
    repeated = [Command((*c.words, word), c.actions * n) for c in found for word, n in TIMES.items()]
    return found + repeated


def joined(first: Command, word: str, second: Command) -> Command:
    """Two phrases with a conjunction between them."""
    parts = (first, second) if word == "and" else (second, first)
    return Command((*first.words, word, *second.words), parts[0].actions + parts[1].actions)


def all_commands(times: int, longest: int) -> list[Command]:
    """All commands of at most so many actions; the published 20,910 with 1 and 48."""
    single = phrases(verbs(times))
    found = single + [joined(a, word, b) for word in CONJUNCTIONS for a, b in product(single, repeat=2)]
    return [c for c in found if len(c.actions) <= longest]


@lru_cache(maxsize=16)
def laid_out(task: Scan) -> Pairs:
    """All commands with their splits, the same in every process."""
    start = words("scan", task.held, task.times, task.longest)
    trained, tested = TESTS[task.held]
    if task.commands:
        known, test = _sampled(task, start)
    else:
        whole = all_commands(task.times, task.longest)
        found = [whole[i] for i in start.generator().permutation(len(whole))]
        known, test = [c for c in found if trained(c)], [c for c in found if tested(c)]
        known = _fitting(known, task.difficulty)
    alone = [c for c in known if len(c.words) == 1]
    rest = [c for c in known if len(c.words) > 1]
    size = min(round(HELD * len(rest)), ASKED)
    parts = {"iid": rest[:size], "train": alone + rest[size:][: task.commands - len(alone) if task.commands else None]}
    parts[task.splits[2].name] = test
    ends = np.cumsum([len(part) for part in parts.values()])
    rows = {name: np.arange(end - len(part), end) for (name, part), end in zip(parts.items(), ends, strict=True)}
    every = [c for part in parts.values() for c in part]
    answers = [(*c.actions, END) for c in every]
    facts = {"actions": np.array([len(c.actions) for c in every], np.float32)}
    return Pairs([c.words for c in every], answers, rows, facts, _weights(task, parts["train"]))


def _weights(task: Scan, train: Sequence[Command]) -> np.ndarray | None:
    """`jump` alone is drawn more often than others, where nothing else has it."""
    if task.held != "jump":
        return None
    lone = np.array([c.words == (JUMP,) for c in train])
    return np.where(lone, ALONE * (len(train) - 1) / (1 - ALONE), 1.0)


def _fitting(known: list[Command], difficulty: Difficulty) -> list[Command]:
    """The shorter or the longer half, and every verb alone."""
    if difficulty == "all":
        return known
    middle = np.median([len(c.actions) for c in known])
    return [c for c in known if len(c.words) == 1 or (len(c.actions) <= middle) == (difficulty == "easy")]


def _sampled(task: Scan, start: Words) -> tuple[list[Command], list[Command]]:
    """Different commands, drawn evenly: to train on, with those for `iid` first, and to test."""
    single = phrases(verbs(task.times))
    trained, tested = TESTS[task.held]
    rng = start.generator()
    wanted = (task.commands + ASKED) * (1 if task.difficulty == "all" else 3)
    known: dict[Command, None] = {c: None for c in single if len(c.words) == 1 and trained(c)}
    test: dict[Command, None] = {}
    for _ in range(200):
        for a, b, word in rng.integers(0, (len(single), len(single), 2 * len(single) + 1), (4096, 3)):
            one = single[a] if word == 2 * len(single) else joined(single[a], CONJUNCTIONS[word % 2], single[b])
            if len(one.actions) > task.longest:
                continue
            if trained(one):
                known.setdefault(one)
            elif tested(one) and len(test) < ASKED:
                test.setdefault(one)
        fit = _fitting(list(known), task.difficulty)
        if len(known) >= wanted and len(fit) >= task.commands + ASKED and len(test) >= ASKED:
            return fit, list(test)
    raise HeldoutError(
        f"{task.name}: there are no {task.commands + ASKED:,} commands to train on and {ASKED:,} to test: give fewer, or a larger longest"
    )
