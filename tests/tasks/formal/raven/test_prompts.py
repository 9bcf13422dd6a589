import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.tasks.formal.raven.prompts import RavenText
from heldout.tasks.formal.raven.puzzles import Form, Raven
from heldout.tasks.formal.raven.text import puzzle, question
from heldout.tasks.interfaces import Prompt, Prompts

TASK = RavenText(Raven(length=(), range=(), confounders=(), certainty=(0.6,), together=Form(4, 50, 1, 0.8)))


def test_a_text_can_be_read_back():
    for split in TASK.splits:
        shown = np.asarray(TASK.raven.draw(split, jax.random.key(1), 20).inputs)
        for one in shown:
            found = puzzle(question(one, TASK.raven.form(split).columns))
            assert found.shape == one.shape
            assert np.array_equal(found[..., 0], one[..., 0])
            assert np.allclose(found[..., 1:], one[..., 1:], atol=0.0051)


def test_it_is_a_task_of_prompts_whose_oracle_is_right():
    assert isinstance(TASK, Prompts)
    for split in TASK.splits:
        found = TASK.trials(TASK.oracle(), split, words("a"), 20)
        assert found.score.mean() >= 0.9
        assert len(np.unique(found.item, axis=0)) == 20


@pytest.mark.parametrize(
    ("answer", "grade"),
    [
        ("3", (1.0, "ok")),
        ("Not 4 but 3.", (1.0, "ok")),
        ("12", (0.0, "malformed")),
        ("4", (0.0, "ok")),
        ("none", (0.0, "malformed")),
    ],
)
def test_the_last_number_counts(answer, grade):
    assert TASK.grade(Prompt("", "3"), answer) == grade


def test_uncertain_values_are_written_with_their_probabilities():
    cell = np.array([5, 0.2, 0.7, 0.1])
    text = question(np.tile(cell, (16, 1, 1)), 3)
    assert text.splitlines()[0] == "row 1: " + ", ".join(["(<0.20::4,0.70::5,0.10::6>)"] * 3)
    assert text.splitlines()[2].endswith(", ?")
    assert jnp.allclose(puzzle(text)[0, 0], cell)
