"""A few examples of each target of `benchmarks/fuzz.py`; longer runs: `python benchmarks/fuzz.py all --minutes 10`."""

import importlib
import sys
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def fuzz():
    sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
    try:
        yield importlib.import_module("fuzz")
    finally:
        sys.path.pop(0)


@pytest.mark.parametrize(
    ("target", "examples"), [("importers", 120), ("tables", 25), ("claims", 150), ("web", 50), ("command", 50)]
)
def test_hostile_input_yields_a_value_or_one_line(fuzz, target, examples):
    fuzz.limited(fuzz.TARGETS[target](), examples, 20261130)()
