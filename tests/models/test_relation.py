import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.relation import AnswerByAnswer, RelationNetwork

KEY = jax.random.key(0)
PANELS, CODES = 12, 5
X = np.asarray(jax.random.normal(KEY, (3, PANELS, CODES)))


def relu(x):
    return np.maximum(x, 0.0)


@pytest.mark.parametrize("depth", [1, 2])
def test_scores_are_sums_over_pairs_of_concatenated_panels(depth):
    """The definition, pair by pair in NumPy: g of both panels' codes with their places, f of the sum."""
    model = RelationNetwork(8, depth).build(KEY, (PANELS, CODES), 4)
    scores, meta = model.explain(jnp.asarray(X))
    layer = np.concatenate([model.first, model.second])
    for n in range(3):
        judged = []
        for a in range(4):
            nine = [*X[n, :8], X[n, 8 + a]]
            summed = 0.0
            for i, j in itertools.combinations(range(9), 2):
                tag = np.asarray(model.places)[i] + (np.asarray(model.places)[8] if j == 8 else 0.0)
                hidden = relu(np.concatenate([nine[i], nine[j]]) @ layer + tag)
                for one in model.pair:
                    hidden = relu(hidden @ np.asarray(one.weight) + np.asarray(one.bias))
                summed = summed + hidden
            judged.append(relu(summed / 8 @ np.asarray(model.judge.weight)))
        assert np.asarray(scores[n]) == pytest.approx(
            (np.array(judged) @ np.asarray(model.score.weight))[:, 0], abs=1e-4
        )
        assert np.asarray(meta[n]) == pytest.approx(np.mean(judged, 0) @ np.asarray(model.meta.weight), abs=1e-4)
    assert jnp.array_equal(model(jnp.asarray(X)), scores)


def test_the_perceptron_reads_the_completed_matrix():
    model = AnswerByAnswer(8, 2).build(KEY, (PANELS, CODES), 4)
    whole = np.stack([np.concatenate([X[:, :8], X[:, [8 + a]]], 1).reshape(3, -1) for a in range(4)], 1)
    hidden = relu(whole @ np.concatenate([model.context, model.answer.weight]))
    hidden = relu(hidden @ np.asarray(model.layers[0].weight))
    expected = (hidden @ np.asarray(model.layers[1].weight))[..., 0]
    assert np.asarray(model(jnp.asarray(X))) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("architecture", [RelationNetwork(8), AnswerByAnswer(8)])
def test_answers_are_scored_apart_and_alike(architecture):
    """Answers in another order have the same scores in that order."""
    model = architecture.build(KEY, (PANELS, CODES), 4)
    order = np.array([2, 0, 3, 1])
    turned = np.concatenate([X[:, :8], X[:, 8 + order]], 1)
    assert np.asarray(model(jnp.asarray(turned))) == pytest.approx(
        np.asarray(model(jnp.asarray(X)))[:, order], abs=1e-5
    )


def test_places_in_the_context_matter():
    model = RelationNetwork(8).build(KEY, (PANELS, CODES), 4)
    turned = np.concatenate([X[:, [1, 0, *range(2, 8)]], X[:, 8:]], 1)
    assert not np.allclose(model(jnp.asarray(turned)), model(jnp.asarray(X)), atol=1e-3)
