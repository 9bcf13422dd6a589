import math

import pytest

from heldout.core.cell import Cell
from heldout.core.seeds import words
from heldout.studies.evaluation.interval_coverage import student, study, successes


def test_the_closed_form_by_hand() -> None:
    # five runs that each succeed with 0.9; 2.776 is the 97.5% point of t with 4 degrees of freedom, from a printed table
    total = 0.0
    for k in range(6):
        mean, spread = k / 5, math.sqrt(k / 5 * (1 - k / 5) * 5 / 4)
        held = abs(mean - 0.9) <= 2.7764451 * spread / math.sqrt(5)
        total += math.comb(5, k) * 0.9**k * 0.1 ** (5 - k) * held
    (score,) = successes.trials(student.model(successes, ()), successes.splits[0], words(), 1).score
    assert score == pytest.approx(total)
    assert score < 1 - 0.9**5  # where all succeed, the interval has no width and misses


def test_its_units_are_items_and_its_learners_are_known_by_their_source() -> None:
    assert {Cell(task, learner).unit for task in study.tasks for learner in study.learners} == {"item"}
    assert all(len(learner.source) == 64 for learner in study.learners)
