import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.scan import JUMP, Scan, all_commands, has, laid_out

KEY = jax.random.key(0)

PUBLISHED = {
    "jump": "JUMP",
    "jump left": "LTURN JUMP",
    "jump around right": "RTURN JUMP RTURN JUMP RTURN JUMP RTURN JUMP",
    "turn left twice": "LTURN LTURN",
    "jump thrice": "JUMP JUMP JUMP",
    "jump opposite left and walk thrice": "LTURN LTURN JUMP WALK WALK WALK",
    "jump opposite left after walk around left": "LTURN WALK LTURN WALK LTURN WALK LTURN WALK LTURN LTURN JUMP",
}
"""The examples of the paper's first figure."""


@pytest.fixture(scope="module")
def whole():
    return all_commands(1, 48)


def acted(text):
    """The actions, worked out from the words alone."""
    for word in ("and", "after"):
        if word in text:
            at = text.index(word)
            parts = [acted(text[:at]), acted(text[at + 1 :])]
            first, second = parts if word == "and" else parts[::-1]
            return first + second
    if text[-1] in ("twice", "thrice"):
        return acted(text[:-1]) * (2 if text[-1] == "twice" else 3)
    verb, *rest = text
    act = [] if verb == "turn" else [verb.upper()]
    if not rest:
        return act
    turn = [{"left": "LTURN", "right": "RTURN"}[rest[-1]]]
    if rest[0] == "around":
        return (turn + act) * 4
    return turn * (2 if rest[0] == "opposite" else 1) + act


def test_there_are_as_many_commands_as_published_and_they_act_as_published(whole):
    assert len(whole) == len({c.words for c in whole}) == 20_910
    known = {" ".join(c.words): " ".join(c.actions) for c in whole}
    assert {text: known[text] for text in PUBLISHED} == PUBLISHED
    assert max(len(c.actions) for c in whole) == 48
    assert max(len(c.words) for c in whole) == 9


def test_actions_are_those_of_the_words(whole):
    for one in whole[::7]:
        assert list(one.actions) == acted(list(one.words))


@pytest.mark.parametrize(
    ("held", "train", "test"), [("jump", 13_204, 7_706), ("around right", 15_225, 4_476), ("length", 16_990, 3_920)]
)
def test_splits_have_the_published_sizes(held, train, test):
    rows = laid_out(Scan(held)).rows
    assert len(rows["train"]) + len(rows["iid"]) == train
    assert len(rows[f"new {held}"]) == test


def of(task, split):
    made = task.pairs
    return [made.sources[row] for row in made.rows[split]]


def test_jump_is_trained_on_alone_and_often():
    for task in (Scan(longest=8), Scan(times=20, longest=10, commands=600)):
        train = of(task, "train")
        assert [s for s in train if JUMP in s] == [(JUMP,)]
        assert all(JUMP in s and len(s) > 1 for s in of(task, "new jump"))
        weights = task.pairs.weights
        assert weights[train.index((JUMP,))] / weights.sum() == pytest.approx(0.1)
        assert {s[0] for s in train if len(s) == 1} == {*(s[0] for s in train), JUMP} - {"turn"}
    assert len(train) == 600
    assert len({s[0] for s in train} - {"turn"}) == 61


def test_around_right_is_not_trained_on():
    assert not any(has(s, ("around", "right")) for s in of(Scan("around right", longest=8), "train"))


def test_a_sample_is_drawn_evenly_from_what_there_is():
    small = of(Scan(longest=10), "train")
    sampled = of(Scan(longest=10, commands=600), "train")
    assert set(sampled) <= set(small) | set(of(Scan(longest=10), "iid"))
    assert len(sampled) == len(set(sampled)) == 600
    for word in ("and", "twice", "opposite"):
        shares = [np.mean([word in s for s in part]) for part in (small, sampled)]
        assert shares[0] == pytest.approx(shares[1], abs=0.08)


def test_easy_commands_are_shorter_than_hard_ones():
    lengths = {}
    for difficulty in ("easy", "hard"):
        made = Scan(longest=10, commands=400, difficulty=difficulty).pairs
        rows = [row for row in made.rows["train"] if len(made.sources[row]) > 1]
        assert len(made.rows["train"]) == 400
        lengths[difficulty] = made.facts["actions"][rows]
    assert lengths["easy"].max() < lengths["hard"].min()


def test_items_are_answered_by_the_oracle():
    task = Scan(longest=8)
    for split in task.splits:
        assert (task.trials(task.oracle(), split, KEY, 50).score == 1).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Scan("left"), "held='left'"),
        (lambda: Scan(difficulty="odd"), "difficulty='odd'"),
        (lambda: Scan(times=0), "times=0"),
        (lambda: Scan(longest=4), "longest=4"),
        (lambda: Scan("length", longest=20), "longest=20"),
        (lambda: Scan(commands=10), "commands=10"),
        (lambda: Scan(times=2), "commands=0 takes all"),
        (lambda: laid_out(Scan(longest=8, commands=20_000)), "there are no 21,000 commands"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
