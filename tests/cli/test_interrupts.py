"""Ctrl-C that a package swallows stops the run all the same."""

import os
import signal
from contextlib import suppress

import pytest

from heldout.cli import interrupts


@pytest.fixture
def heeded():
    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    interrupts.heed()
    yield
    signal.signal(signal.SIGINT, before)
    with suppress(KeyboardInterrupt):
        interrupts.check()


def test_a_swallowed_interrupt_stops_what_is_watched(heeded):
    seen = []
    watch = interrupts.heeding(seen.append)
    watch("begin")
    with suppress(KeyboardInterrupt):  # as some packages do
        os.kill(os.getpid(), signal.SIGINT)
        signal.sigtimedwait([], 1)
    with pytest.raises(KeyboardInterrupt):
        watch("progress")
    assert seen == ["begin"]
    watch("end")


def test_orders_to_ignore_it_are_kept():
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        interrupts.heed()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
