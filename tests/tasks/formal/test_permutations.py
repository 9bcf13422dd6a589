import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.core.split import TRAIN
from heldout.tasks.formal.permutations import Permutations, elements

KEY = jax.random.key(0)


def test_products_are_those_of_permutation_matrices():
    known = elements(4)
    matrices = np.eye(4, dtype=int)[known].swapaxes(1, 2)  # matrix @ e_i = e_x(i)
    rules = {
        "xy": lambda x, y: x @ y,
        "x y x^-1": lambda x, y: x @ y @ x.swapaxes(1, 2),
        "xyx": lambda x, y: x @ y @ x,
    }
    for rule, multiply in rules.items():
        made = Permutations(4, rule).operation
        assert len(np.unique(made.pairs, axis=0)) == 24**2
        x, y = matrices[made.pairs.T]
        assert np.array_equal(multiply(x, y), matrices[made.answers])


def test_s5_is_the_group_of_the_paper():
    task = Permutations()
    assert task.inputs == (2, 120)
    assert task.outputs == 120
    assert task.chance == pytest.approx(1 / 120)
    assert [task.operation.rows(split)[1] for split in task.splits] == [7200, 7200]


def test_the_oracle_knows_and_samples_compose_as_they_read():
    task = Permutations(3)
    assert (task.trials(task.oracle(), TRAIN, KEY, 5).score == 1).all()
    for sample in task.samples(TRAIN, KEY, 10):
        x, y = sample.text.split(" * ")
        assert sample.answer == "".join(x[int(i)] for i in y)


@pytest.mark.parametrize(("wrong", "said"), [({"n": 7}, "give 3 to 6"), ({"rule": "yx"}, "no rule 'yx'")])
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        Permutations(**wrong)
