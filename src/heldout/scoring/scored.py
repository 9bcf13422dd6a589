"""`heldout score` from Python: one call, and a value that shows itself in a notebook."""

import warnings as told
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.core.result import Result
from heldout.lab import Options, conduct
from heldout.scoring.axes import Breaking, breaking
from heldout.scoring.pace import paced
from heldout.scoring.page import axis_table, sentences, tree
from heldout.scoring.study import Asked, posed, warnings
from heldout.store import open_store


@dataclass(frozen=True)
class Scored:
    """How a model generalizes. `breaking`: one for it and for each baseline, shift by shift; `result`: everything measured."""

    result: Result
    breaking: tuple[Breaking, ...]

    def table(self) -> list[dict[str, Any]]:
        """The same as plain values, as `heldout score --json` has them under `breaking`: a row for each learner and shift."""
        return [
            {"learner": b["learner"], "unit": b["unit"], "n": b["n"], "iid": b["iid"]["estimate"]}
            | {
                "axis": a["axis"],
                "score": a["score"]["estimate"],
                "lost": a["gap"]["estimate"],
                "worst": a["worst"]["split"],
            }
            for b in tree(self.breaking)
            for a in b["axes"]
        ]

    def to_html(self) -> str:
        """The page with figures, as one self-contained HTML file."""
        from heldout.report.html import page

        return page(self.result)

    def __repr__(self) -> str:
        from heldout.report.markdown import table_lines

        said = [f"- {text}" for text in sentences(self.breaking[0])]
        return "\n".join((*said, "", *table_lines(axis_table(self.breaking)))).rstrip()

    def _repr_html_(self) -> str:
        from html import escape

        from heldout.report.notebook import table

        said = "".join(f"<li>{escape(text)}</li>" for text in sentences(self.breaking[0]))
        return f"<b>{escape(self.result.study.paper.title)}</b><ul>{said}</ul>{table(axis_table(self.breaking))}"


def score_model(
    model: str, task: str = "", *, store: str | Path = ".heldout", weights: str | Path | None = None, **asked: Any
) -> Scored:
    """Score a model of your own, shift by shift, beside baselines: what `heldout score` does, with the same arguments.

    `model`, `task`: as the command takes them, such as `"mine.py:predict"` and `"corruptions:digits"`, a table or a folder of
    images. `asked`: fields of `heldout.scoring.Asked`, such as `target="died", shift="hospital", seeds=6`. What makes a model
    look better than it is comes as a warning; HeldoutError says what cannot be found or asked.
    """
    if isinstance(asked.get("features"), str):
        asked["features"] = tuple(f.strip() for f in asked["features"].split(","))
    study = posed(model, task, Asked(**asked), weights=None if weights is None else Path(weights))
    for text in warnings(study):
        told.warn(text, stacklevel=2)
    opened = open_store(store)
    if "limit" not in asked:
        paced(study, opened)
    result = conduct(study, opened, Options(workers=1))
    return Scored(result, answered(result, breaking(study, opened)))


def answered(result: Result, found: tuple[Breaking, ...]) -> tuple[Breaking, ...]:
    """What was found, of those that could be scored. HeldoutError where that is not the model asked about."""
    if not found[0].n:
        raise HeldoutError(f"{found[0].learner} could not be scored: {' '.join(result.warnings) or 'it failed'}")
    return tuple(b for b in found if b.n)
