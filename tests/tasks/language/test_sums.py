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
