from collections import Counter

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.raven.puzzles import Form, Raven, drawn, identify
from heldout.tasks.formal.raven.rules import RULES, followed

KEY = jax.random.key(0)
TASK = Raven(length=(4,), range=(100,), confounders=(2,), certainty=(0.6,), together=Form(4, 50, 1, 0.8))


@pytest.fixture(scope="module")
def puzzles():
    """Ten thousand of the training shape, as NumPy arrays."""
    return type(made := jax.jit(lambda: drawn(KEY, 10_000, Form(3, 10)))())(*map(np.asarray, made))


def rows(puzzles):
    """The matrices with the right answer in place, (n, attributes, 3, columns)."""
    n, answers = len(puzzles.target), puzzles.panels[:, -8:]
    whole = np.concatenate([puzzles.panels[:, :-8], answers[np.arange(n), puzzles.target][:, None]], 1)
    return np.moveaxis(whole, -1, 1).reshape(n, 3, 3, 3)


def test_the_right_answer_lets_every_attribute_follow_its_rule(puzzles):
    held = np.asarray(followed(rows(puzzles)))
    assert np.take_along_axis(held, puzzles.rules[..., None], -1).all()
    assert not (puzzles.rules[:, 0] == RULES.index("arithmetic")).any()
    assert np.bincount(puzzles.rules[:, 1]) == pytest.approx([2500] * 4, rel=0.12)


def test_answers_are_the_leaves_of_a_bisection_tree(puzzles):
    """Eight different ones, and every attribute takes two values, four times each."""
    answers = puzzles.panels[:, -8:]
    for some in answers[:300]:
        assert len({tuple(a) for a in some}) == 8
        assert all(sorted(Counter(column.tolist()).values()) == [4, 4] for column in some.T)
    assert np.bincount(puzzles.target) == pytest.approx([1250] * 8, rel=0.12)


def test_the_answers_alone_tell_nothing(puzzles):
    """The best that counting can do: for every pair of values of an attribute, the one that was right more often before."""
    answers, n = puzzles.panels[:, -8:], len(puzzles.target)
    right = answers[np.arange(n), puzzles.target]
    other = answers.sum(1) // 4 - right
    learnt, asked = np.arange(n) < n // 2, np.arange(n) >= n // 2
    guessed = np.ones(asked.sum(), bool)
    for a in range(3):
        counts = np.zeros((10, 10))
        np.add.at(counts, (right[learnt, a], other[learnt, a]), 1)
        v, w = right[asked, a], other[asked, a]
        guessed &= counts[v, w] > counts[w, v]
    assert guessed.mean() == pytest.approx(1 / 8, abs=3 * np.sqrt(0.125 * 0.875 / 5000))


def test_a_classifier_of_the_answers_stays_at_chance(puzzles):
    """A random forest on all answers at once, as a context-blind network would see them."""
    from sklearn.ensemble import RandomForestClassifier

    answers = puzzles.panels[:, -8:].reshape(len(puzzles.target), -1)
    forest = RandomForestClassifier(60, min_samples_leaf=5, random_state=0).fit(answers[:6000], puzzles.target[:6000])
    accuracy = (forest.predict(answers[6000:]) == puzzles.target[6000:]).mean()
    assert accuracy == pytest.approx(1 / 8, abs=3 * np.sqrt(0.125 * 0.875 / 4000))


def test_splits_have_their_shape_and_training_puzzles_are_kept_apart():
    for split in (*TASK.splits[:2], TASK.splits[-1]):
        form, found = TASK.form(split), TASK.trials(TASK.oracle(), split, KEY, 60)
        shown = TASK.draw(split, KEY, 60).inputs
        assert shown.shape == (60, 3 * form.columns + 7, 3 + form.confounders, 4)
        assert np.asarray(found.score).mean() > 0.9
        assert len(np.unique(np.asarray(found.item), axis=0)) == 60
    train, iid = ({tuple(i) for i in np.asarray(TASK.trials(TASK.oracle(), s, KEY, 400).item)} for s in TASK.splits[:2])
    assert not train & iid
    batch = jax.jit(lambda: TASK.draw(TASK.splits[0], KEY, 4000))()
    assert 1 - np.asarray(batch.weights).mean() == pytest.approx(1 / 8, abs=0.03)


def test_probabilities_sum_to_one_and_stay_within_the_values():
    split = next(s for s in TASK.splits if s.axis == "certainty")
    shown = np.asarray(TASK.draw(split, KEY, 60).inputs)
    value, before, itself, after = np.moveaxis(shown, -1, 0)
    assert before + itself + after == pytest.approx(1.0, abs=1e-6)
    assert itself.min() >= 0.6
    assert itself.mean() == pytest.approx(0.8, abs=0.02)
    assert (before[value == 0] == 0).all()
    assert (after[value == 9] == 0).all()
    assert before.mean() == pytest.approx(0.1, abs=0.02)


def test_confounders_are_random_and_not_part_of_the_id():
    split = next(s for s in TASK.splits if s.axis == "confounders")
    puzzles, ids, _ = jax.jit(lambda: TASK.different(split, KEY, 200))()
    extra = np.asarray(puzzles.panels)[..., 3:]
    assert np.bincount(extra.ravel(), minlength=10) / extra.size == pytest.approx([0.1] * 10, abs=0.02)
    bare = puzzles._replace(panels=puzzles.panels[..., :3])
    assert np.array_equal(identify(bare), ids)


def test_samples_show_the_puzzle_and_its_answer():
    split = TASK.splits[1]
    one, shown = TASK.samples(split, KEY, 60)[0], TASK.draw(split, KEY, 60)
    assert one.text.startswith("row 1: (")
    assert one.answer == str(int(shown.targets[0]) + 1)
    assert one.image.ndim == 2
    assert 0.0 <= one.image.min() < one.image.max() <= 1.0


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"length": (6,)}, "6 columns: rows of 6 panels need at least 3 of them, and 11 to 1000 values, not 10"),
        ({"columns": 2}, "train: rows of 2 panels"),
        ({"certainty": (0.5,)}, "certainty 0.5: certainty=0.5 must lie above 0.5"),
        ({"range": (2000,)}, "2000 values"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        Raven(**wrong)


def test_the_instances_of_the_docstring():
    def solved(*context):
        context = jnp.asarray(context)
        whole = jnp.stack([jnp.append(context, a).reshape(3, 3) for a in range(10)])
        return np.flatnonzero(np.asarray(followed(whole)).any(-1)).tolist()

    assert solved(1, 1, 1, 5, 5, 5, 7, 7) == [7]
    assert solved(2, 3, 5, 1, 6, 7, 4, 0) == [4]
