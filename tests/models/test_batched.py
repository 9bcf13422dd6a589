"""A function is asked in parts that it can take, and its own error is what is said."""

import numpy as np
import pytest

from heldout.core import HeldoutError
from heldout.models.batched import Batched

INPUTS = np.arange(1000.0).reshape(500, 2)


def at_most(largest, seen):
    def function(some):
        seen.append(len(some))
        if len(some) > largest:
            raise MemoryError(f"cannot take {len(some)}")
        return some.sum(1)

    return function


@pytest.mark.parametrize("largest", [1, 3, 100, 10_000])
def test_answers_are_those_of_asking_at_once(largest):
    seen = []
    model = Batched(at_most(largest, seen))
    assert np.array_equal(model(INPUTS), INPUTS.sum(1))
    assert model.size <= max(largest, 256)
    before = len(seen)
    model(INPUTS[: model.size])
    assert seen[before:] == [model.size]  # what was found is kept


def test_the_first_error_is_the_one_that_is_said():
    with pytest.raises(MemoryError, match="cannot take 256"):
        Batched(at_most(0, []))(INPUTS)


def test_an_answer_of_another_length_is_not_tried_again():
    seen = []
    with pytest.raises(HeldoutError, match=r"answered 256 inputs with an array of shape \(3,\)"):
        Batched(lambda x: (seen.append(len(x)), np.zeros(3))[1])(INPUTS)
    assert seen == [256]
