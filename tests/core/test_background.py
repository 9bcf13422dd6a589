import subprocess
import sys
from threading import Event

import pytest

from heldout.core.background import background
from heldout.core.errors import first_line


def test_a_call_gives_its_value_or_its_error_to_whoever_waits():
    go = Event()
    waiting = background(lambda: go.wait(10) and 7)
    assert not waiting.done()
    go.set()
    assert waiting.result(10) == 7
    with pytest.raises(KeyError, match="gone"):
        background(lambda: {}["gone"]).result(10)


def test_a_call_that_never_ends_does_not_keep_the_process():
    code = "import time; from heldout.core.background import background; background(lambda: time.sleep(1000))"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_the_first_line_of_an_error_or_its_type():
    assert first_line(OSError("\n no route \nto host")) == "no route "
    assert first_line(TimeoutError()) == "TimeoutError"
