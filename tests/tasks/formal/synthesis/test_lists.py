import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.synthesis.lists import Lists

TASK = Lists()
KEY = jax.random.key(0)


def padded(text):
    return np.array([[*map(int, one.split()), *[-1] * (4 - len(one.split()))] for one in text])


@pytest.mark.parametrize(
    ("given", "wanted", "program"),
    [
        (["2 6 4", "1 0 3 3", "5 5 0 1"], ["4 6 2", "3 3 0 1", "1 0 5 5"], "Reverse"),
        (["1 5 2", "6 0 4 4", "3 3 6"], ["3 6 2", "5 5 1 0", "0 4 4"], "Map +1; Reverse"),
    ],
)
def test_the_instances_shown_in_the_docstring(given, wanted, program):
    names = [f"{f.operation} {f.argument}".strip() for f in TASK.language.functions]
    functions = [names.index(line) for line in program.split("; ")]
    functions = jnp.array([[*functions, *[len(names)] * (4 - len(functions))]])
    assert (TASK.language.outputs(functions, jnp.asarray(padded(given))[None])[0] == padded(wanted)).all()
    assert f"`{program}`" in (Lists.__doc__ or "")


def test_the_oracle_is_right_and_a_wrong_line_is_wrong():
    for split in (TASK.splits[1], TASK.splits[-1]):
        found = TASK.trials(TASK.oracle(), split, KEY, 64)
        assert (found.score == 1).all()
        assert found.facts["fits"].all()
    drawn = TASK.draw(TASK.splits[0], KEY, 200)
    nothing = jnp.full_like(drawn.program, len(TASK.language.functions))
    assert TASK.grade(nothing, drawn).mean() < 0.1
    assert (TASK.grade(drawn.program, drawn) == 1).all()


def test_what_fits_the_examples_shown_may_be_wrong_on_the_others():
    drawn = TASK.instances(TASK.splits[0], KEY, 1)
    other = drawn._replace(values=drawn.values.at[:, -1, -1].set(-1))
    assert TASK.grade(drawn.program, drawn)[0] == 1
    assert TASK.grade(drawn.program, other)[0] == 0


def test_samples_show_examples_and_program():
    sample = TASK.samples(TASK.splits[2], KEY, 1)[0]
    assert sample.text.count("->") == 3
    assert sample.answer.count(";") == 3


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Lists(shown=0), "shown=0"),
        (lambda: Lists(trained=7), "trained=7"),
        (lambda: Lists(size=9), "size=9"),
        (lambda: Lists(numbers=2), "numbers=2"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
