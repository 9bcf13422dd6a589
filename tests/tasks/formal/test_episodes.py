import jax.numpy as jnp
import numpy as np

from heldout.tasks.formal.episodes import asked, batch, interleaved, parted

POINTS = jnp.arange(12.0).reshape(1, 3, 4) + 1
SHOWN = jnp.array([[[0.5], [1.5], [2.5]]])


def test_a_point_is_asked_about_before_it_is_shown_with_its_answer():
    found = np.asarray(interleaved(POINTS, SHOWN))[0]
    assert found.shape == (6, 6)
    for i in range(3):
        assert found[2 * i].tolist() == [*POINTS[0, i].tolist(), 0, 0]
        assert found[2 * i + 1].tolist() == [*POINTS[0, i].tolist(), SHOWN[0, i, 0], 1]


def test_parting_undoes_it():
    points, shown = parted(interleaved(POINTS, SHOWN), 4)
    assert np.array_equal(points, POINTS)
    assert np.array_equal(shown, SHOWN)


def test_only_what_is_asked_counts():
    made = batch(POINTS, SHOWN, jnp.array([[7, 8, 9]]))
    assert made.weights.tolist() == [[1, 0, 1, 0, 1, 0]]
    assert asked(made.targets).tolist() == [[7, 8, 9]]
    assert batch(POINTS, SHOWN, SHOWN).targets.shape == (1, 6, 1)
