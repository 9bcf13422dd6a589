"""What a learner can be given: protocols that tasks offer beside `heldout.core.Task`, one section each."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, NamedTuple, Protocol, runtime_checkable

from heldout.core.seeds import Key, Words
from heldout.core.split import Split
from heldout.core.task import Task

# ---- Examples: inputs with targets -----------------------------------------------------------------------------------

Loss = Literal["cross entropy", "squared error"]


class Batch(NamedTuple):
    """Some examples.

    `inputs`: (n, *shape). `targets`: (n,) class indices, (n, length) of them for sequences, or (n, k) numbers.
    `weights`: shaped like the class indices, or (n,) for numbers; 0 where nothing is asked; None where all counts alike.
    """

    inputs: Any
    targets: Any
    weights: Any = None


@runtime_checkable
class Examples(Protocol):
    """A task that draws inputs with their targets: classification, regression and labelled sequences.

    A model of it maps (n, *inputs) to (n, outputs), or to (n, length, outputs) where the targets are sequences.
    """

    @property
    def inputs(self) -> tuple[int, ...]:
        """The shape of one input."""
        ...

    @property
    def outputs(self) -> int:
        """The number of classes, or of numbers to predict."""
        ...

    @property
    def loss(self) -> Loss:
        """What training minimises."""
        ...

    def draw(self, split: Split, key: Key, n: int) -> Batch:
        """Draw `n` examples independently, with replacement where the data are finite."""
        ...

    def grade(self, batch: Batch, outputs: Any) -> Any:
        """The score of each example: (n,) within the task's bounds."""
        ...


class Questions(NamedTuple):
    """Instances as plain NumPy arrays: `item` (n, 2) uint32 ids, `inputs` (n, *shape), `targets` as in a batch."""

    item: Any
    inputs: Any
    targets: Any


@runtime_checkable
class Askable(Examples, Task[Any], Protocol):
    """Examples of which there are only so many, that can be put to a model from outside heldout: see `tasks.outside`."""

    @property
    def asked(self) -> Sequence[Split]:
        """The splits that can be put to any model."""
        ...

    def questions(self, split: Split, key: Words, n: int) -> Questions:
        """`n` different instances, or all where there are no more; the same for the same key."""
        ...


# ---- Control: worlds to act in ---------------------------------------------------------------------------------------


class Step(NamedTuple):
    """What an agent is told after it acted, or when an episode begins (then with reward 0).

    `terminal`: nothing more can be earned. `truncated`: time is up, though more could have been earned.
    """

    observation: Any
    reward: Any
    terminal: Any
    truncated: Any


class Policy(Protocol):
    """What acts in worlds; `memory` is all that it carries from one step to the next."""

    def initial(self, key: Key) -> Any:
        """The memory at the beginning of an episode."""
        ...

    def __call__(self, memory: Any, step: Step, key: Key) -> tuple[Any, Any]:
        """The new memory, and the action."""
        ...


@runtime_checkable
class Control(Task[Policy], Protocol):
    """A task whose instances are worlds to act in, one at a time; `context` is what a shift shifts.

    A model of it is a `Policy`.
    """

    @property
    def observation(self) -> tuple[int, ...]:
        """The shape of one observation."""
        ...

    @property
    def actions(self) -> int:
        """The number of actions: an action is one of 0 ... actions - 1."""
        ...

    def context(self, split: Split, key: Key) -> Any:
        """The dynamics of one world of this split."""
        ...

    def reset(self, context: Any, key: Key) -> tuple[Any, Step]:
        """A world with these dynamics at the beginning of an episode, and what is first seen of it."""
        ...

    def step(self, world: Any, action: Any) -> tuple[Any, Step]:
        """The world after an action, and what is seen of it; its randomness, if any, comes from a key inside the world."""
        ...


# ---- Prompts: texts to be answered -----------------------------------------------------------------------------------

Status = Literal["ok", "refused", "empty", "malformed", "timeout", "error"]


class Prompt(NamedTuple):
    """A text to be answered, and the answer wanted (which the answerer never sees)."""

    text: str
    target: str


Responder = Callable[[str], str]
"""Text to text: what answers prompts, from a three-line function to a language model behind an endpoint."""


@runtime_checkable
class Prompts(Task[Responder], Protocol):
    """A task that draws texts to be answered, in plain Python. A model of it is a `Responder`."""

    def draw(self, split: Split, key: Key, n: int) -> Sequence[Prompt]:
        """Draw `n` prompts."""
        ...

    def grade(self, prompt: Prompt, answer: str) -> tuple[float, Status]:
        """The score of an answer, and whether it was an answer at all; the answer is read, never run."""
        ...


# ---- Estimation: statistics on simulated truth -----------------------------------------------------------------------

Statistic = Callable[[Any, Key], Any]
"""(what was observed, key) to whatever the task grades: an estimate, an interval, a verdict."""


@runtime_checkable
class Estimation(Task[Statistic], Protocol):
    """A task that simulates data of which it knows the truth. A model of it is a `Statistic`."""

    def observe(self, split: Split, key: Key) -> Any:
        """One data set."""
        ...

    def truth(self, split: Split, key: Key) -> Any:
        """What there is to be found in the data set of that key."""
        ...
