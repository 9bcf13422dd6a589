import numpy as np

from heldout.core.cell import Cell
from heldout.studies.agents.rrps_population import aggregate, bots, study
from heldout.studies.agents.rrps_population import greenberg as first


def test_seeds_are_its_units_for_learners_and_entrants_alike():
    assert {Cell(bots, learner).unit for learner in study.learners} == {"seed"}


def test_the_aggregate_score_is_that_of_all_43_bots():
    measure = aggregate(first)
    assert len(measure.parts) == 43
    earned = np.zeros((43, 2))
    earned[0, 0], earned[7, 0], earned[:, 1] = -0.43, 0.86, 0.5
    assert np.allclose(measure.function(earned), [0.01 - 0.43, 0.5 + 0.5])
