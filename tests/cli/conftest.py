"""Calling the command line as a user does, without a process for each call."""

import json
from dataclasses import dataclass

import pytest

from heldout.cli.group import status


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def line(self):
        """The one line that an error is."""
        lines = self.err.strip().splitlines()
        assert len(lines) == 1, self.err
        assert self.out == ""
        assert self.code == 2
        assert lines[0].startswith("heldout: ")
        return lines[0].removeprefix("heldout: ")


@pytest.fixture
def heldout(capsys, tmp_path, monkeypatch):
    """A function that runs `heldout ...` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HELDOUT_STORE", raising=False)
    monkeypatch.setenv("COLUMNS", "120")

    def call(*arguments):
        capsys.readouterr()
        code = status([str(a) for a in arguments])
        printed = capsys.readouterr()
        return Said(code, printed.out, printed.err)

    return call
