from heldout.claims import least
from heldout.studies.theory.sam import clean, longer, noisy, sam, sgd, study
from heldout.tasks.vision.noisy_digits import labelled


def test_twice_as_long_costs_as_many_gradients():
    assert longer.steps == 2 * sam.steps
    assert sam.learner == sgd
    assert (longer.batch, longer.optimiser, longer.architecture) == (sgd.batch, sgd.optimiser, sgd.architecture)


def test_the_tasks_differ_in_labels_only():
    (pixels, right), test = labelled(clean)
    (others, wrong), asked = labelled(noisy)
    assert (pixels == others).all()
    assert (test[1] == asked[1]).all()
    assert (right != wrong).mean() == 0.4


def test_every_claim_could_be_decided_within_the_budget():
    for name in study.claims:
        assert least(study.claims, name, study.budget) is not None
