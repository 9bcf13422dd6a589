import numpy as np

from heldout.core.seeds import words
from heldout.models.adder import REACH, SLIP, careless, exact, forgetful
from heldout.tasks.language.sums import Sums, numbers

TASK = Sums(iid=REACH, digits=(12, 24))


def test_forgetting_carries_by_hand() -> None:
    assert forgetful("What is 99999999 + 1?") == "100000000"  # eight digits, all carries within reach
    assert forgetful("What is 999999999 + 1?") == "900000000"  # the ninth column never hears of the carry
    assert forgetful("What is 500000000 + 700000000?") == "1200000000"  # what the last column yields is written down
    assert forgetful("What is 12 + 3456?") == "3468"


def test_forgetful_is_right_exactly_when_no_carry_goes_beyond_its_reach() -> None:
    for split in TASK.splits:
        for prompt in TASK.draw(split, words("carries"), 300):
            a, b = map(int, numbers(prompt.text))
            # a carry enters column k when the parts below it overflow
            lost = any((a % 10**k) + (b % 10**k) >= 10**k for k in range(REACH, int(split.level or REACH)))
            assert (forgetful(prompt.text) == prompt.target) == (not lost)


def test_slips_come_at_their_rate_and_answers_do_not_change() -> None:
    prompts = TASK.draw(TASK.splits[2], words("slips"), 1000)
    written = [(careless(p.text), exact(p.text)) for p in prompts]
    wrong = np.concatenate([[a != b for a, b in zip(*pair, strict=True)] for pair in written])
    assert abs(wrong.mean() - SLIP) < 5 * np.sqrt(SLIP / len(wrong))
    assert [careless(p.text) for p in prompts] == [answer for answer, _ in written]
