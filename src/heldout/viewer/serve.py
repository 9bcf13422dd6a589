"""Serving the live site until Ctrl-C."""

import contextlib
import secrets
import socket
import webbrowser
from collections.abc import Callable, Mapping

import uvicorn

from heldout.core.errors import HeldoutError
from heldout.report.template import ready
from heldout.viewer.app import Once, application
from heldout.viewer.live import Live


def serve(lives: Mapping[str, Live], port: int, *, browse: bool, say: Callable[[str], None]) -> None:
    """Listen on loopback, at `port` or (where it is 0) at any that is free; `say` is told the address to open."""
    with contextlib.closing(_listening(port)) as listening:
        ready()
        port = listening.getsockname()[1]
        token = secrets.token_urlsafe(24)
        address = f"http://127.0.0.1:{port}/?token={token}"
        say(address)
        once = Once()
        if browse:  # not with the token: what a browser is started with is there for all users of the machine to read
            webbrowser.open(f"http://127.0.0.1:{port}/?once={once.code}")
        made = application(lives, token, port, once)
        config = uvicorn.Config(made, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        try:
            uvicorn.Server(config).run(sockets=[listening])
        finally:
            for live in lives.values():
                live.runs.close()


def _listening(port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(("127.0.0.1", port))
    except OSError as error:
        made.close()
        raise HeldoutError(f"port {port} cannot be listened on ({error.strerror}): give another with --port") from error
    made.listen(128)
    return made
