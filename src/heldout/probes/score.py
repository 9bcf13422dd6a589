"""The task's own score."""

from heldout.core.probe import Snapshot
from heldout.core.seeds import Key
from heldout.core.split import Split
from heldout.core.task import Outcomes


def score(snapshot: Snapshot, split: Split, key: Key, n: int) -> Outcomes:
    """Ask the model about `n` instances and grade its answers."""
    return snapshot.task.trials(snapshot.model, split, key, n)
