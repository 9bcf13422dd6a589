from heldout.core.cell import Cell
from heldout.studies.theory.rethinking_generalization import EXAMPLES, study
from heldout.tasks.vision.randomised_digits import randomised


def test_the_whole_training_set_is_asked_about():
    assert all(len(randomised(task, train=True).labels) == EXAMPLES for task in study.tasks)
    assert {p.n for p in study.probes} == {EXAMPLES}


def test_regularisers_are_all_that_learners_differ_in():
    assert {Cell(task, learner).unit for task in study.tasks for learner in study.learners} == {"seed"}
    assert len({(one.architecture, one.steps, one.batch, one.optimiser.rate) for one in study.learners}) == 1
