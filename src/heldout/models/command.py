"""A command in any language as a function of arrays: JSON lines on its standard input and output."""

import json
import os
import selectors
import shlex
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError, first_line

BATCH, SECONDS, TAIL, MOST = 64, 120.0, 400, 64 << 20
"""Instances per line, seconds to wait for an answer, letters of standard error that are shown, bytes of an answer."""


@dataclass
class Command:
    """Started once and asked line by line: `{"inputs": [...]}` in, `{"outputs": [...]}` out, one output per input.

    A command that ends before it has answered is started once more and asked the same again; one that does not answer in
    time, or without end, is killed. Each is a HeldoutError with the end of what it wrote to standard error.
    """

    line: str
    seconds: float = SECONDS
    batch: int = BATCH
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    errors: bytes = field(default=b"", repr=False)

    def __call__(self, inputs: np.ndarray) -> np.ndarray:
        """(n, *shape) to what the command answers: (n, classes) scores, (n,) labels or (n, k) numbers."""
        parts = [self._asked(inputs[i : i + self.batch]) for i in range(0, len(inputs), self.batch)]
        if len(shapes := {part.shape[1:] for part in parts}) > 1:
            raise HeldoutError(f"the command {self.line!r} gave outputs of several shapes: {sorted(map(str, shapes))}")
        return np.concatenate(parts)

    def close(self) -> None:
        """End the command."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                if stream is not None:
                    stream.close()
            self.process = None

    def __del__(self) -> None:
        self.close()

    def _asked(self, some: np.ndarray) -> np.ndarray:
        plain = np.asarray(some).astype(object)
        plain[np.isnan(some)] = None
        request = json.dumps({"inputs": plain.tolist()}).encode() + b"\n"
        for last in (False, True):
            process = self._running()
            try:
                answer = self._answer(process, request)
            except (BrokenPipeError, EOFError):
                said = self._said(process)
                self.close()
                if last:
                    raise HeldoutError(f"the command {self.line!r} ended before it answered{said}") from None
                continue
            return self._outputs(answer, len(some))
        raise AssertionError

    def _running(self) -> "subprocess.Popen[bytes]":
        if self.process is None:
            pipe = subprocess.PIPE
            try:
                self.process = subprocess.Popen(shlex.split(self.line), stdin=pipe, stdout=pipe, stderr=pipe)  # noqa: S603
            except (OSError, ValueError) as error:
                raise HeldoutError(f"the command {self.line!r} cannot be started: {first_line(error)}") from error
            for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
                os.set_blocking(stream.fileno(), False)  # pyright: ignore[reportOptionalMemberAccess]
        return self.process

    def _answer(self, process: Any, request: bytes) -> bytes:
        """One line back for one line in. Standard error is drained meanwhile, or a talkative command would block."""
        end, sent, got, whole = time.monotonic() + self.seconds, 0, bytearray(), False
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdin, selectors.EVENT_WRITE)
            ready.register(process.stdout, selectors.EVENT_READ)
            ready.register(process.stderr, selectors.EVENT_READ)
            while not whole:
                left = end - time.monotonic()
                if left <= 0:
                    said = self._said(process)
                    self.close()
                    raise HeldoutError(f"the command {self.line!r} did not answer within {self.seconds:g} s{said}")
                for key, _ in ready.select(left):
                    if key.fileobj is process.stdin:
                        sent += os.write(process.stdin.fileno(), request[sent : sent + 65536])
                        if sent == len(request):
                            ready.unregister(process.stdin)
                        continue
                    part = os.read(key.fd, 1 << 20)
                    if key.fileobj is process.stderr:
                        self.errors = (self.errors + part)[-TAIL:]
                        if not part:
                            ready.unregister(process.stderr)
                    elif part:
                        got += part
                        whole = b"\n" in part
                        if len(got) > MOST:
                            self.close()
                            raise HeldoutError(f"the command {self.line!r} answered with more than {MOST >> 20} MB")
                    else:
                        raise EOFError
        return bytes(got)

    def _said(self, process: Any) -> str:
        try:
            rest = os.read(process.stderr.fileno(), 1 << 16)
        except (BlockingIOError, ValueError, OSError):
            rest = b""
        text = " ".join((self.errors + rest)[-TAIL:].decode(errors="replace").split())
        text = "".join(c for c in text if c.isprintable())
        return f"; it said: {text}" if text else ""

    def _outputs(self, answer: bytes, n: int) -> np.ndarray:
        first = answer.split(b"\n", 1)[0]
        shown = first[:60].decode(errors="replace")
        try:
            found = json.loads(first)["outputs"]
            if not isinstance(found, list):
                raise TypeError("no list")
            rows = [row if isinstance(row, list) else [row] for row in found]
            outputs = np.array([[np.nan if x is None else x for x in row] for row in rows], float)
            if len(rows) == n and (outputs.ndim != 2 or not outputs.size):
                raise ValueError("neither a number nor equally many numbers each")
        except (ValueError, LookupError, TypeError, ArithmeticError, RecursionError) as error:
            raise HeldoutError(
                f'the command {self.line!r} answered {shown!r}: it must print one line {{"outputs": [...]}} per line'
            ) from error
        if len(outputs) != n:
            raise HeldoutError(f"the command {self.line!r} gave {len(outputs)} outputs for {n} inputs")
        return outputs[:, 0] if outputs.ndim == 2 and outputs.shape[1] == 1 else outputs
