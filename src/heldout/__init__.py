"""heldout decides claims about generalization. Importing it costs nothing heavy: the public names load on first use."""

from importlib import import_module
from typing import TYPE_CHECKING

__version__ = "0.1.0"

if TYPE_CHECKING:
    from heldout.core import *  # noqa: F403
    from heldout.measures.churn import churn as churn
    from heldout.recording import judge as judge
    from heldout.recording import record as record
    from heldout.results.compared import compare as compare


def __getattr__(name: str) -> object:
    if name == "compare":
        return import_module("heldout.results.compared").compare
    if name in ("record", "judge"):
        return getattr(import_module("heldout.recording"), name)
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
            *(n for n in dir(import_module("heldout.core")) if not n.startswith("_")),
        }
    )
