"""heldout decides claims about generalization. Importing it costs nothing heavy: the public names load on first use."""

import sys
from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from heldout.core import *  # noqa: F403
    from heldout.measures.churn import churn as churn
    from heldout.recording import judge as judge
    from heldout.recording import record as record
    from heldout.results.compared import compare as compare
    from heldout.scoring import score_model as score_model


def __getattr__(name: str) -> object:
    if name == "compare":
        return import_module("heldout.results.compared").compare
    if name in ("record", "judge"):
        return getattr(import_module("heldout.recording"), name)
    if name == "score_model":
        return import_module("heldout.scoring").score_model
    if name == "churn":
        return import_module("heldout.measures.churn").churn
    core = import_module("heldout.core")
    if name.startswith("_") or not hasattr(core, name):
        raise AttributeError(f"module 'heldout' has no attribute {name!r}")
    return getattr(core, name)


def __dir__() -> list[str]:
    return sorted(
        {
            *globals(),
            "churn",
            "compare",
            "judge",
            "record",
            "score_model",
            *(n for n in dir(import_module("heldout.core")) if not n.startswith("_")),
        }
    )


def _shown() -> None:
    """Where this is a notebook (or another IPython), studies, results and verdicts show themselves."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is not None:
        import_module("heldout.report.notebook").register(shell)


_shown()
