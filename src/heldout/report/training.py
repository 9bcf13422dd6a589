"""How long a learner trains, in words."""

from typing import Any

from heldout.report.number import counted


def trained_for(learner: Any) -> str:
    """Such as `3,000 updates`, `4 configurations` of a sweep, or `does not train`."""
    steps = getattr(learner, "steps", None)
    if steps is None:  # a sweep
        return f"{counted(len(learner.members()), 'configuration')}"
    unit = getattr(learner, "step_unit", "step")
    return counted(steps, "fit" if unit == "fit" else unit) if steps else "does not train"
