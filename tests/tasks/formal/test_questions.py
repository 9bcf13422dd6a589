import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.divergence import atom_divergence, compound_divergence
from heldout.tasks.formal.question_grammar import query, question
from heldout.tasks.formal.questions import Questions, laid_out, parts

KEY = jax.random.key(0)
TASK = Questions(2000, (0.2, 0.5))


def test_splits_are_disjoint_and_diverge_as_they_say():
    made = laid_out(TASK)
    atoms, used = parts(made.trees)
    train = made.rows["train"]
    for split in TASK.splits[1:]:
        assert not set(train) & set(made.rows[split.name])
        assert atom_divergence(atoms, train, made.rows[split.name]) <= 0.02
    for split in TASK.splits[2:]:
        found = compound_divergence(used, train, made.rows[split.name])
        assert found == pytest.approx(split.level, abs=0.02)
        assert found == pytest.approx(made.divergences[split.name][0])
    assert compound_divergence(used, train, made.rows["iid"]) < 0.1
    assert len({question(t) for t in made.trees}) == 2000


def test_a_batch_can_be_read_back():
    made = laid_out(TASK)
    rows = np.arange(60)
    batch = made.batch(jax.numpy.asarray(rows))
    assert batch.inputs.shape[1:] == TASK.inputs
    room = made.words.shape[1]
    for row, shown, target, weight in zip(rows, *map(np.asarray, batch), strict=True):
        read = [made.vocabulary[word.argmax()] for word in shown[:room] if word.any()]
        assert tuple(read) == question(made.trees[row])
        assert shown[room:, -1].all()
        assert tuple(made.answers[t] for t, w in zip(target, weight, strict=True) if w) == query(made.trees[row])
        assert not weight[:room].any()


def test_the_oracle_is_right_and_one_wrong_word_is_wrong():
    batch = TASK.draw(TASK.splits[0], KEY, 20)
    outputs = TASK.oracle()(batch.inputs)
    assert (TASK.grade(batch, outputs) == 1).all()
    last = np.asarray(batch.weights).shape[1] - 1 - np.asarray(batch.weights)[:, ::-1].argmax(1)
    spoilt = np.array(outputs)
    spoilt[np.arange(20), last] = np.roll(spoilt[np.arange(20), last], 1, axis=-1)
    assert (TASK.grade(batch, spoilt) == 0).all()
    found = TASK.trials(TASK.oracle(), TASK.splits[-1], KEY, 10**6)
    assert (found.score == 1).all()
    assert len(np.unique(found.item, axis=0)) == len(laid_out(TASK).rows["divergence-0.5"])


def test_what_train_lacks_grows_with_the_divergence():
    made = laid_out(TASK)
    shares = [made.unseen[made.rows[s.name]].mean() for s in TASK.splits]
    assert shares[0] == 0.0
    assert shares == sorted(shares)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: Questions(100), "questions=100"),
        (lambda: Questions(divergence=(0.5, 0.2)), "rising levels"),
        (lambda: Questions(divergence=()), "rising levels"),
        (lambda: laid_out(Questions(600, (0.98,))), "cannot be reached among 600 questions: the nearest has"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
