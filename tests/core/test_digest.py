"""Digests: equal for equal specs in every process, different for what behaves differently."""

import enum
import functools
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from heldout.core.digest import describe, digest
from heldout.core.errors import HeldoutError


@dataclass(frozen=True)
class Spec:
    value: Any = 0
    label: str = field(default="", compare=False)


@dataclass(frozen=True)
class Other:
    value: Any = 0


@dataclass(frozen=True)
class Versioned:
    version = 2


class Colour(enum.Enum):
    RED = 1
    BLUE = 2


class Estimator:
    def __init__(self, depth=3):
        self.depth = depth

    def get_params(self, deep=True):
        return {"depth": self.depth}


def make(threshold):
    return lambda x: x > threshold


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (1, 1.0),
        (True, 1),
        (0.0, -0.0),
        ((1, 2), [1, 2]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        ({3, 1, 2}, frozenset([2, 3, 1])),
        (np.float64(0.5), 0.5),
        (np.int32(7), 7),
        (np.bool_(True), True),
        (np.arange(3), np.arange(6)[::2] // 2),
        (Spec(1, "shown so"), Spec(1, "shown otherwise")),
        (Estimator(3), Estimator(3)),
        (make(0.5), make(0.5)),
        ({1: "a", "1": "b"}, {"1": "b", 1: "a"}),
    ],
)
def test_equal_things_have_equal_digests(a, b):
    assert digest(a) == digest(b)
    assert describe(a) == describe(b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (0.1, 0.1 + 1e-17 + 2e-17),
        ("1", 1),
        (None, "None"),
        (10**400, 10**400 + 1),
        (float("nan"), float("inf")),
        (Spec(1), Spec(2)),
        (Spec(1), Other(1)),
        (Colour.RED, Colour.BLUE),
        (np.float32(0.1), 0.1),
        (np.arange(3, dtype=np.int32), np.arange(3, dtype=np.int64)),
        (np.zeros((2, 3)), np.zeros((3, 2))),
        (Estimator(3), Estimator(4)),
        (make, digest),
        (Spec, Other),
        (("a", ("b",)), (("a", "b"),)),
    ],
)
def test_different_things_have_different_digests(a, b):
    assert digest(a) != digest(b)


def test_lambdas_of_one_name_and_file_are_told_apart_by_code_and_closure():
    assert digest(lambda x: x + 1) != digest(lambda x: x + 2)
    assert digest(lambda x: x.real) != digest(lambda x: x.imag)
    assert digest(make(0.5)) != digest(make(0.6))
    assert digest(lambda x, k=1: x * k) != digest(lambda x, k=2: x * k)


def test_methods_of_different_objects_are_told_apart():
    @dataclass(frozen=True)
    class Scale:
        factor: float

        def apply(self, x):
            return self.factor * x

    assert digest(Scale(1).apply) != digest(Scale(2).apply)
    assert digest(Scale(1).apply) == digest(Scale(1).apply)


def test_a_digest_does_not_depend_on_what_was_digested_before():
    """NumPy's scalars equal Python's numbers, so a cache by equality must not mix them up."""
    assert digest((np.float32(0.5), "cache")) == digest((0.5, "cache"))
    assert describe(np.float32(0.5)) == describe(0.5)


def test_the_version_of_a_class_is_in_its_digest(monkeypatch):
    before = describe(Versioned())
    monkeypatch.setattr(Versioned, "version", 3)
    assert describe(Versioned()) != before


def test_a_change_of_other_peoples_source_changes_the_digest(tmp_path, monkeypatch):
    from heldout.core.discover import fetch

    file = tmp_path / "mine.py"
    body = "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass Mine:\n    a: int = 1\nthing = Mine()\n"
    file.write_text(body)
    before = digest(fetch(f"{file}:thing"))
    assert digest(fetch(f"{file}:thing")) == before
    file.write_text(body + "# edited\n")
    assert digest(fetch(f"{file}:thing")) != before


def test_files_count_by_content(tmp_path):
    one, two = tmp_path / "one.bin", tmp_path / "two.bin"
    one.write_bytes(b"weights")
    two.write_bytes(b"weights")
    assert digest(one) == digest(two)
    with pytest.raises(HeldoutError, match=r"gone\.bin"):
        digest(tmp_path / "gone.bin")


@pytest.mark.parametrize("bad", [object(), np.array([object()]), Spec(object()), functools.partial(make, 1)])
def test_what_has_no_plain_description_is_refused_in_one_line(bad):
    with pytest.raises(HeldoutError) as caught:
        digest(bad)
    assert "\n" not in str(caught.value)


def test_other_processes_find_the_same_digests():
    """Sets and dictionaries are ordered by hash seed or insertion; digests are not."""
    specs = "({'b', 'a', 'c'}, {'x': 1, 'y': (2.5, None)}, np.linspace(0, 1, 5), Colour)"
    program = (
        "import numpy as np; from enum import Enum as Colour; from heldout.core.digest import digest;"
        f"print(digest({specs}))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
    assert len(found.pop().strip()) == 16
