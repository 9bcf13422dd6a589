"""Ctrl-C that cannot get lost: packages swallow it at times, most of all while they are imported."""

import signal
import threading
from collections.abc import Callable
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

_seen = threading.Event()


def heed() -> None:
    """Remember from now on that there was a Ctrl-C. It interrupts as before; where signals are ignored they stay so."""
    if (
        threading.current_thread() is threading.main_thread()
        and signal.getsignal(signal.SIGINT) is signal.default_int_handler
    ):
        signal.signal(signal.SIGINT, _noted)


def check() -> None:
    """KeyboardInterrupt where there was a Ctrl-C that did not stop what it should have stopped."""
    if _seen.is_set():
        _seen.clear()
        raise KeyboardInterrupt


def heeding(watch: Callable[[T], None]) -> Callable[[T], None]:
    """What watches a run, and stops it at the next thing that happens in it where a Ctrl-C got lost."""

    def watching(event: T) -> None:
        check()
        watch(event)

    return watching


def _noted(number: int, frame: FrameType | None) -> None:
    _seen.set()
    signal.default_int_handler(number, frame)
