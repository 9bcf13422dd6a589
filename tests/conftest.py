"""What all tests share: the toys beside this file, and programs that compile fast rather than run fast."""

import gc
import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
os.environ.setdefault("XLA_FLAGS", "--xla_backend_optimization_level=1")  # most of the suite's time is compiling


MAPS = 20_000
"""Mapped regions from which compiled programs are let go: Linux gives a process 65,530, and each program takes some for good."""


@pytest.fixture(autouse=True, scope="module")
def _programs_let_go():
    """After a file of tests, forget what was compiled where there is much of it: beyond the limit JAX ends the process."""
    yield
    maps = Path("/proc/self/maps")
    if "jax" in sys.modules and maps.exists() and maps.read_bytes().count(b"\n") > MAPS:
        sys.modules["jax"].clear_caches()
        gc.collect()
