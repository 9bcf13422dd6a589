"""Runs of studies that a live site started: each is a `heldout run` of its own, which Ctrl-C can stop without loss."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import IO

from heldout.core.errors import HeldoutError

HEEDING = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)
from heldout.cli import main
main()
"""
"""The command, heeding SIGINT even where this process was started with orders to ignore it, as shells do in the background."""

PATIENCE = 20.0
"""Seconds that a run is given to finish what it is writing before it is killed."""


@dataclass
class Run:
    """A process, and where its words go."""

    process: "subprocess.Popen[bytes]"
    said: IO[bytes]
    stopped: bool = False

    @property
    def state(self) -> str:
        """`running`, `stopping`, `stopped`, `finished`, or `failed` with the last line of what it said."""
        code = self.process.poll()
        if code is None:
            return "stopping" if self.stopped else "running"
        if code == 0:  # also where it was asked to stop too late
            return "finished"
        return "stopped" if self.stopped else f"failed: {self.last()}"

    def last(self) -> str:
        """The last line that the process wrote to stderr."""
        self.said.seek(0)
        lines = self.said.read().decode(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else f"exit code {self.process.returncode}"


@dataclass
class Runs:
    """The runs of one store, by slug. `files`: where studies are that are not installed."""

    store: Path
    files: Mapping[str, str] = field(default_factory=dict)
    known: dict[str, Run] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)

    def start(self, slug: str) -> None:
        """Run a study, or go on with it. HeldoutError where it runs already."""
        with self.lock:
            if slug in self.known and self.known[slug].process.poll() is None:
                raise HeldoutError(f"{slug} is running already")
            said = tempfile.TemporaryFile()  # noqa: SIM115 - read after the process has ended
            command = [
                sys.executable,
                "-c",
                HEEDING,
                "run",
                self.files.get(slug, slug),
                "--store",
                str(self.store),
                "--json",
                "--no-page",
            ]
            process = subprocess.Popen(  # noqa: S603 - our own command; the slug is one of the installed studies
                command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said, start_new_session=True
            )
            self.known[slug] = Run(process, said)

    def stop(self, slug: str) -> None:
        """Ask a run to stop, as Ctrl-C does: what is finished stays. HeldoutError where it does not run."""
        with self.lock:
            run = self.known.get(slug)
            if run is None or run.process.poll() is not None:
                raise HeldoutError(f"{slug} is not running here")
            run.stopped = True
            run.process.send_signal(signal.SIGINT)

    def states(self) -> dict[str, str]:
        """What became of every run."""
        with self.lock:
            return {slug: run.state for slug, run in self.known.items()}

    def close(self) -> None:
        """Stop what still runs, and wait for it."""
        for slug, state in self.states().items():
            if state == "running":
                self.stop(slug)
        for run in self.known.values():
            try:
                run.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                run.process.kill()
                run.process.wait()
