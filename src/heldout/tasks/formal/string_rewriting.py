"""Instructions to replace a part of a string by another, with test sets of instructions that were never given.

After "Instruction Diversity Drives Generalization To Unseen Tasks" (Zhang, Wang and Charton, 2024).
"""

from collections.abc import Container
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product
from typing import ClassVar

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.tasks.formal.translation import END, Pairs, Text, Translation

ALPHABET = "abcdefghijklmnopqrstuvwxyz"
HELD = 512
"""How many unseen instructions there are, and how many instances of `iid` and of `unseen`."""
TRIES = 1000
"""How often a new string is looked for."""
Instruction = tuple[str, str]
"""What is to be replaced, and by what."""


@dataclass(frozen=True)
class StringRewriting(Translation):
    """Replace the first x in a string by y; a string without x stays as it is.

    There are so many `instructions` (x, y) to train on, and `examples` in all. How many each has falls as its rank to the power of
    -`skew`, and is at least one; with 0 all have as many. `letters`, `pattern`, `replacement`, `length`: the size of the alphabet
    and the lengths of x, y and the string. `absent`: the share of strings without x. `iid` has new strings under instructions
    trained on, as often as these are; the shift `unseen` has other instructions, the same ones whatever was trained on.

    `ab > cd : eabaab` is `ecdaab`; `ab > cd : eaabba` is `eacdba`.
    """

    instructions: int = 256
    examples: int = 4096
    skew: float = 0.0
    letters: int = 8
    pattern: int = 2
    replacement: int = 2
    length: int = 6
    absent: float = 0.0
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not 2 <= self.letters <= len(ALPHABET):
            raise HeldoutError(f"letters={self.letters} must lie between 2 and {len(ALPHABET)}")
        if not 1 <= self.pattern <= self.length or self.replacement < 1:
            raise HeldoutError(
                f"pattern={self.pattern} must lie between 1 and length={self.length}, replacement={self.replacement} must be 1 or more"
            )
        if not self.skew >= 0 or not 0 <= self.absent < 1:
            raise HeldoutError(f"skew={self.skew:g} must be 0 or more, absent={self.absent:g} a share below 1")
        same = self.letters**self.pattern if self.pattern == self.replacement else 0
        room = self.letters ** (self.pattern + self.replacement) - same
        if not 1 <= self.instructions <= min(room - HELD, self.examples):
            raise HeldoutError(
                f"instructions={self.instructions} must lie between 1 and {min(room - HELD, self.examples):,}: there are {room:,}, "
                f"{HELD} are kept for the test, and examples={self.examples:,}"
            )

    @property
    def name(self) -> str:
        """The name in tables."""
        skewed = f", skew {self.skew:g}" if self.skew else ""
        return self.label or f"{self.instructions} instructions{skewed}, {self.examples} examples"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and instructions never given."""
        return TRAIN, IID, Split("unseen", "instruction")

    @property
    def pairs(self) -> Pairs:
        """The table."""
        return laid_out(self)


def rewritten(string: str, x: str, y: str) -> str:
    """The string with its first x replaced by y."""
    at = next((i for i in range(len(string) - len(x) + 1) if string[i : i + len(x)] == x), None)
    return string if at is None else string[:at] + y + string[at + len(x) :]


def shares(instructions: int, examples: int, skew: float) -> np.ndarray:
    """How many examples each instruction has: at least one, and they fall as the rank to the power of -`skew`."""
    wanted = np.arange(1, instructions + 1) ** -float(skew)
    spare = examples - instructions
    exact = spare * wanted / wanted.sum()
    found = np.floor(exact).astype(int)
    found[np.argsort(found - exact, kind="stable")[: spare - found.sum()]] += 1
    return found + 1


@lru_cache(maxsize=16)
def laid_out(task: StringRewriting) -> Pairs:
    """All pairs with their splits, the same in every process."""
    start = words("string rewriting", task.letters, task.pattern, task.replacement, task.length, str(task.absent))
    known = _instructions(task, start.generator())
    counts = shares(task.instructions, task.examples, task.skew)
    rng = start.split("given", task.instructions, task.examples, str(task.skew)).generator()
    given = HELD + np.arange(task.instructions)
    parts = {
        "unseen": np.arange(HELD),
        "iid": rng.choice(given, HELD, p=counts / counts.sum()),
        "train": np.repeat(given, counts),
    }
    sources: dict[Text, Text] = {}
    for name, part in parts.items():
        draws = start.split("unseen").generator() if name == "unseen" else rng
        for i in part:
            source, answer = _different(known[i], task, draws, sources)
            sources[source] = answer
    ends = np.cumsum([len(part) for part in parts.values()])
    rows = {name: np.arange(end - len(part), end) for (name, part), end in zip(parts.items(), ends, strict=True)}
    examples = np.concatenate([np.zeros(HELD), counts])[np.concatenate(list(parts.values()))]
    return Pairs(tuple(sources), tuple(sources.values()), rows, {"examples": examples.astype(np.float32)})


def _instructions(task: StringRewriting, rng: np.random.Generator) -> list[Instruction]:
    """All that there are, in a random order."""
    letters = ALPHABET[: task.letters]
    texts = [["".join(t) for t in product(letters, repeat=n)] for n in (task.pattern, task.replacement)]
    found = [(x, y) for x in texts[0] for y in texts[1] if x != y]
    return [found[i] for i in rng.permutation(len(found))]


def _different(
    one: Instruction, task: StringRewriting, rng: np.random.Generator, seen: Container[Text]
) -> tuple[Text, Text]:
    """An instance that was not drawn before, with its answer. HeldoutError where there seems to be none left."""
    x, y = one
    for _ in range(TRIES):
        string = _string(task, rng, x)
        source = (*x, ">", *y, ":", *string)
        if source not in seen:
            return source, (*rewritten(string, x, y), END)
    raise HeldoutError(
        f"{task.name}: no more strings of length={task.length} are left for `{x} > {y}`: give fewer examples, or longer strings"
    )


def _string(task: StringRewriting, rng: np.random.Generator, x: str) -> str:
    """A random string, with x put in at a random place, or without it."""
    letters = ALPHABET[: task.letters]
    without = task.absent > 0 and rng.random() < task.absent
    while True:
        string = "".join(letters[i] for i in rng.integers(0, task.letters, task.length))
        if not without:
            at = rng.integers(0, task.length - task.pattern + 1)
            return string[:at] + x + string[at + task.pattern :]
        if x not in string:
            return string
