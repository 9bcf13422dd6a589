import math

import numpy as np
import pytest

from heldout.studies.formal.circuit_efficiency import (
    RANDOM,
    SHARES,
    apart,
    critical,
    efficiency,
    going_on,
    grokked,
    meeting,
    memorisers,
    whole,
)


def test_the_critical_share_is_where_accuracy_crosses_one_half():
    curves = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 0.5, 0.5, 1.0], [0.9, 0.9, 0.9, 0.9], [0.1, 0.1, 0.1, 0.1]]).T
    middle = math.sqrt(SHARES[1] * SHARES[2])
    found = critical(curves)
    assert found[0] == pytest.approx(middle)
    assert found[1] == pytest.approx(SHARES[1])
    assert found[2:] == pytest.approx([SHARES[0], SHARES[-1]])


@pytest.mark.parametrize("share", [0.15, 0.4, 0.6, 0.9])
def test_efficiencies_that_fall_as_a_power_meet_where_they_should(share):
    memorising = -6.0 - 0.9 * np.log(RANDOM)
    generalising = -6.0 - 0.9 * math.log(share)
    assert meeting(np.array([*memorising, generalising])[:, None]) == pytest.approx([share])


def test_efficiency_does_not_change_when_three_layers_are_scaled():
    margins, sizes = np.array([4.0, 4.0 * 8.0]), np.array([20.0, 40.0])
    one, other = efficiency(np.array([margins, sizes]))
    assert one == pytest.approx(other)
    assert one == pytest.approx(math.log(4.0 / 8000.0))
    assert apart(np.array([[2.0], [1.0]])) == pytest.approx([math.log(2)])


def test_no_training_ever_sees_the_cells_held_out():
    def learnt(task):
        made = task.operation
        return {tuple(pair) for pair in made.pairs[: made.learnt].tolist()}

    for one in (*memorisers, *going_on(1.0)):
        assert learnt(one.source) <= learnt(whole)
    assert all(one.source.operation.labels[0] != one.source.operation.answers[0] for one in memorisers)
    for one in memorisers:
        made = one.source.operation
        assert (made.labels != made.answers)[: made.learnt].all()
    assert all(one.initial.learner == grokked for one in going_on(1.0))
