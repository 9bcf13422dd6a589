import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import IID, TRAIN
from heldout.tasks.formal.modular import RULES, Modular, inverses
from heldout.tasks.formal.operation import operation

KEY = jax.random.key(0)

BY_HAND = {
    "x + y": lambda x, y, p: (x + y) % p,
    "x - y": lambda x, y, p: (x - y) % p,
    "x * y": lambda x, y, p: x * y % p,
    "x / y": lambda x, y, p: next(z for z in range(p) if z * y % p == x),
    "x^2 + y^2": lambda x, y, p: (x * x + y * y) % p,
    "x^2 + xy + y^2": lambda x, y, p: (x * x + x * y + y * y) % p,
    "x^2 + xy + y^2 + x": lambda x, y, p: (x * x + x * y + y * y + x) % p,
    "x^3 + xy": lambda x, y, p: (x * x * x + x * y) % p,
    "x^3 + xy^2 + y": lambda x, y, p: (x * x * x + x * y * y + y) % p,
    "x / y if y odd else x - y": lambda x, y, p: BY_HAND["x / y" if y % 2 else "x - y"](x, y, p),
}


def asked(task, split, n=10**6):
    found = jax.jit(lambda key: task.trials(task.oracle(), split, key, n))(KEY)
    return [tuple(map(int, pair)) for pair in found.item], found


@pytest.mark.parametrize("rule", RULES)
def test_every_pair_has_the_answer_worked_out_by_hand(rule):
    made = Modular(7, rule).operation
    seen = dict(zip(map(tuple, made.pairs.tolist()), made.answers.tolist(), strict=True))
    wanted = [(x, y) for x in range(7) for y in range(1 if "/" in rule else 0, 7)]
    assert seen == {(x, y): BY_HAND[rule](x, y, 7) for x, y in wanted}
    assert len(made.pairs) == len(wanted)
    assert np.array_equal(made.labels, made.answers)


def test_inverses_are_inverses():
    assert (np.arange(1, 53) * inverses(53)[1:] % 53 == 1).all()


def test_the_splits_part_all_pairs_and_smaller_shares_lie_in_larger_ones():
    small, large = (Modular(11, fraction=f).operation for f in (0.3, 0.6))
    assert (small.learnt, large.learnt) == (round(0.3 * 121), round(0.6 * 121))
    assert np.array_equal(small.pairs, large.pairs)
    assert len(np.unique(small.pairs, axis=0)) == 121


def test_a_share_of_training_labels_is_wrong_and_no_others():
    task = Modular(13, corrupted=0.25)
    made, train = task.operation, asked(task, TRAIN)[1]
    wrong = made.labels != made.answers
    assert wrong[: made.learnt].sum() == wrong.sum() == round(0.25 * made.learnt)
    assert np.array_equal(train.score, ~wrong[: made.learnt])
    assert np.array_equal(train.facts["label"] != train.facts["truth"], wrong[: made.learnt])
    assert sum("corrupted" in s.answer for s in task.samples(TRAIN, KEY, 1000)) == wrong.sum()


def test_batches_are_drawn_from_their_split_alone_and_reach_all_of_it():
    task = Modular(7)
    made = task.operation
    for split in task.splits:
        batch = jax.jit(lambda key, split=split: task.draw(split, key, 500))(KEY)
        assert batch.inputs.shape == (500, *task.inputs)
        x, y = np.asarray(batch.inputs).argmax(-1).T
        start, size = made.rows(split)
        assert set(zip(x.tolist(), y.tolist(), strict=True)) == set(
            map(tuple, made.pairs[start : start + size].tolist())
        )
        assert np.array_equal(batch.targets, (x + y) % 7)
    assert (task.grade(batch, jax.nn.one_hot(batch.targets, 7)) == 1).all()


def test_a_trial_asks_about_different_pairs_and_chance_is_that_of_the_most_common_answer():
    task = Modular(11, "x * y")
    pairs, _ = asked(task, IID, 20)
    assert len(set(pairs)) == 20
    assert task.chance == pytest.approx(21 / 121)  # 0 times anything, and anything times 0


def test_samples_read_as_equations():
    task = Modular(7, "x^2 + xy + y^2")
    for sample in task.samples(IID, KEY, 5):
        left, modulus = sample.text.split(" mod ")
        terms = [t.split(" * ") for t in left.replace("^2", " * again").split(" + ")]
        x, y = int(terms[0][0]), int(terms[2][0])
        assert terms[1] == [str(x), str(y)]
        assert modulus == "7"
        assert int(sample.answer) == (x * x + x * y + y * y) % 7


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rule": "x ^ y"}, "there is no rule"),
        ({"p": 33}, "p=33 must be a prime"),
        ({"p": 503}, "p=503 must be a prime from 3 to 499"),
        ({"fraction": 0.0}, "leaves nothing to train on"),
        ({"fraction": 1.0}, "leaves nothing held out"),
        ({"corrupted": 1.0}, "corrupted=1 is no share"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said) as error:
        Modular(**wrong)
    assert "\n" not in str(error.value)


def test_parting_is_the_same_in_every_process():
    pairs = np.array([(x, y) for x in range(3) for y in range(3)])
    made = operation("test", pairs, pairs.sum(1) % 3, 0.5, 0.0)
    assert made.pairs[:4].tolist() == operation("test", pairs, pairs.sum(1) % 3, 0.5, 0.5).pairs[:4].tolist()
    assert made.elements == 3
