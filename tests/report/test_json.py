import json
from typing import Any

from heldout.core.result import Result
from heldout.report.json import tree

CLAIM = ["name", "statement", "verdict", "estimate", "low", "high", "n", "unit", "method", "assumption"]
SCORE = ["task", "learner", "split", "axis", "level", "estimate", "low", "high", "n"]


def test_the_keys_are_those_that_others_build_on(full: Result) -> None:
    made = tree(full)
    assert list(made) == ["study", "claims", "scores", "seconds", "cells_run", "cells_reused", "report"]
    assert all(list(c) == CLAIM for c in made["claims"])
    assert all(list(s) == SCORE for s in made["scores"])
    assert len(made["claims"]) == len(full.verdicts)


def test_every_row_can_be_told_apart(full: Result) -> None:
    keys = [(s["task"], s["learner"], s["split"], s["axis"], s["level"]) for s in tree(full)["scores"]]
    assert len(set(keys)) == len(keys)


def test_what_is_not_finite_is_null(odd: Result) -> None:
    text = json.dumps(tree(odd), allow_nan=False)
    assert json.loads(text) == tree(odd)


def test_infinite_ends_are_null_too(made: Any) -> None:
    (claim,) = tree(made.lengths())["claims"]
    assert (claim["estimate"], claim["low"], claim["high"]) == (0.5, None, None)


def test_an_empty_study_is_an_object_too(made: Any) -> None:
    assert tree(made.bare()) == {
        "study": "bare",
        "claims": [],
        "scores": [],
        "seconds": 0.0,
        "cells_run": 0,
        "cells_reused": 0,
        "report": None,
    }
