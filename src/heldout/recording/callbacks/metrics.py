"""From a loop's own names of numbers to splits."""

from collections.abc import Mapping
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.split import Split
from heldout.recording.recorder import Recorder

Metrics = Mapping[str, str | Split]


def take(recorder: Recorder, metrics: Metrics, logged: Mapping[str, Any], step: int) -> None:
    """Record every metric that was logged. HeldoutError where none of them was."""
    known = [name for name in metrics if name in logged]
    if not known:
        wanted, had = ", ".join(metrics), ", ".join(map(str, list(logged)[:8])) or "nothing"
        raise HeldoutError(f"none of the metrics {wanted} was logged: there is {had}")
    for name in known:
        recorder.score(metrics[name], float(logged[name]), step=step)
