"""Ctrl-C in the middle of a query is Ctrl-C."""

import os
import signal
import threading
from collections.abc import Iterator

import duckdb
import pytest

from heldout.store.interrupt import interruptible


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """Jobs that a shell starts in the background ignore SIGINT, and so would this one."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_a_query_interrupted_by_the_user_raises_what_everything_else_does():
    stop = threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT))
    stop.start()
    with pytest.raises(KeyboardInterrupt), interruptible():
        duckdb.connect().execute("SET threads = 1").execute(
            "SELECT count(*) FROM range(1000000000000) t(x) WHERE x % 7 = 3"
        ).fetchall()
    stop.join()


def test_other_errors_pass():
    with pytest.raises(RuntimeError, match="something else"), interruptible():
        raise RuntimeError("something else")
