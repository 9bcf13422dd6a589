"""Commands that answer, die, hang, babble and lie."""

import sys

import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.models.command import Command

LOOP = "import json, sys\nfor line in sys.stdin:\n    x = json.loads(line)['inputs']\n"
ANSWER = "    print(json.dumps({'outputs': [sum(r) for r in x]}), flush=True)\n"


@pytest.fixture
def command(tmp_path):
    made = []

    def make(body, **options):
        path = tmp_path / f"m{len(made)}.py"
        path.write_text(body)
        made.append(Command(f"{sys.executable} {path}", **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


INPUTS = np.arange(30.0).reshape(10, 3)


def test_a_command_answers_in_batches(command):
    one = command(LOOP + ANSWER, batch=4)
    assert one(INPUTS).tolist() == INPUTS.sum(axis=1).tolist()
    process = one.process
    assert one(INPUTS[:2]).tolist() == [3.0, 12.0]
    assert one.process is process


def test_scores_of_classes_and_empty_cells(command):
    one = command(
        LOOP + "    print(json.dumps({'outputs': [[0.5, None] if r[0] is None else [1, 0] for r in x]}), flush=True)\n"
    )
    inputs = INPUTS.copy()
    inputs[0, 0] = np.nan
    found = one(inputs)
    assert found.shape == (10, 2)
    assert np.isnan(found[0, 1])
    assert found[1].tolist() == [1.0, 0.0]


def test_one_that_dies_is_started_again_and_asked_the_same(command, tmp_path):
    flag = tmp_path / "flag"
    one = command(
        f"import os\nfirst = not os.path.exists({str(flag)!r})\nopen({str(flag)!r}, 'w').close()\n"
        + LOOP
        + "    if first: raise SystemExit(3)\n"
        + ANSWER
    )
    assert one(INPUTS).tolist() == INPUTS.sum(axis=1).tolist()


def test_one_that_talks_much_on_standard_error_is_not_blocked(command):
    one = command(LOOP + "    print('x' * 300000, file=sys.stderr, flush=True)\n" + ANSWER)
    big = np.ones((5, 40_000))
    assert one(big).tolist() == [40_000.0] * 5


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (LOOP + "    raise ValueError('no weights')\n", r"ended before it answered; it said: .*no weights"),
        (LOOP + "    print('hello', flush=True)\n", r"answered 'hello': it must print one line"),
        (LOOP + "    print(json.dumps({'outputs': [1]}), flush=True)\n", "gave 1 outputs for 10 inputs"),
        (LOOP + "    print(json.dumps({'outputs': 7}), flush=True)\n", "must print one line"),
    ],
)
def test_what_goes_wrong_is_one_line(command, body, said):
    with pytest.raises(HeldoutError, match=said) as error:
        command(body)(INPUTS)
    assert "\n" not in str(error.value)


def test_one_that_hangs_is_killed(command):
    one = command(
        LOOP + "    import time; print('still here', file=sys.stderr, flush=True); time.sleep(60)\n", seconds=1.5
    )
    with pytest.raises(HeldoutError, match=r"did not answer within 1.5 s; it said: still here"):
        one(INPUTS)
    assert one.process is None


def test_one_that_is_not_there_is_said():
    with pytest.raises(HeldoutError, match="cannot be started"):
        Command("no-such-program --x")(INPUTS)
