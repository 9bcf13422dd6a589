import gc

import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.tasks.interfaces import Prompt, Prompts
from heldout.tasks.language.sums import Sums, exact, numbers

TASK = Sums()
PROMPT = Prompt("What is 617 + 617?", "1234")


def test_numbers_have_the_digits_that_the_split_says_and_the_target_is_their_sum() -> None:
    for split in TASK.splits:
        for prompt in TASK.draw(split, words("sums"), 200):
            a, b = numbers(prompt.text)
            assert len(a) == len(b) == int(split.level or 3)
            assert int(a) + int(b) == int(prompt.target)


@pytest.mark.parametrize("digits", [1, 3, 19, 24])
def test_they_are_as_if_written_one_by_one(digits) -> None:
    rng, n = words("one by one").generator(), 300
    rows = np.concatenate([rng.integers(1, 10, (n, 2, 1)), rng.integers(0, 10, (n, 2, digits - 1))], 2).tolist()
    pairs = [[int("".join(map(str, number))) for number in row] for row in rows]
    wanted = [Prompt(f"What is {a} + {b}?", str(a + b)) for a, b in pairs]
    assert Sums(digits).draw(TASK.splits[0], words("one by one"), n) == wanted


def test_garbage_is_looked_for_after_as_before() -> None:
    for switch in (gc.disable, gc.enable):
        switch()
        before = gc.isenabled()
        made = TASK.draw(TASK.splits[0], words("garbage"), 3)
        assert gc.isenabled() == before
        assert all(type(p) is Prompt and type(p.text) is type(p.target) is str for p in made)


def test_first_digits_are_one_to_nine_alike_and_the_rest_nought_to_nine() -> None:
    texts = [number for p in TASK.draw(TASK.splits[0], words("even"), 5000) for number in numbers(p.text)]
    for place, digits in ((0, "123456789"), (1, "0123456789"), (2, "0123456789")):
        counts = np.array([sum(t[place] == d for t in texts) for d in digits])
        assert counts.sum() == len(texts)
        assert np.abs(counts / len(texts) - 1 / len(digits)).max() < 0.015  # five standard errors


@pytest.mark.parametrize(
    ("answer", "score", "status"),
    [
        ("1234", 1.0, "ok"),
        (" 1,234.\n", 1.0, "ok"),
        ("617 + 617 = 1234", 1.0, "ok"),
        ("It is 1234, because 617 + 617", 0.0, "ok"),
        ("0001234", 1.0, "ok"),
        ("-1234", 0.0, "ok"),
        ("12 34", 0.0, "ok"),
        ("0", 0.0, "ok"),
        ("I cannot say", 0.0, "malformed"),
        ("١٢٣٤", 0.0, "malformed"),
        ("617 + 617", 0.0, "ok"),
        ("__import__('os').system('true') 1234", 1.0, "ok"),
        ("9" * 100_000, 0.0, "ok"),  # longer than Python is willing to read as a number
    ],
)
def test_the_last_number_counts(answer: str, score: float, status: str) -> None:
    assert TASK.grade(PROMPT, answer) == (score, status)


def test_it_is_a_prompts_task_that_its_oracle_solves() -> None:
    assert isinstance(TASK, Prompts)
    assert TASK.oracle() is exact
    for split in TASK.splits:
        assert TASK.trials(exact, split, words("oracle"), 50).score.min() == 1.0
