"""Calls that nobody has to wait for to the end."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def background(call: Callable[[], T]) -> "Future[T]":
    """A call in a thread of its own, which ends with the process: a pool's threads would keep it from ending."""
    answer = Future[T]()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised again for whoever waits
            answer.set_exception(error)

    Thread(target=run, daemon=True).start()
    return answer
