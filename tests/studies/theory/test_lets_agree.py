from heldout.core.measure import OverSeeds
from heldout.studies.theory.lets_agree import BLOCK, HELD_OUT, TRAINED_ON, study
from heldout.tasks.vision.randomised_digits import randomised


def test_every_network_is_asked_about_the_same_examples():
    for task in study.tasks:
        assert len(randomised(task, train=True).labels) == TRAINED_ON <= study.probes[0].n
        assert len(randomised(task, train=False).labels) == HELD_OUT == study.probes[0].n


def test_measures_over_seeds_are_taken_on_blocks_of_one_size():
    leaves = [leaf for leaf in study.leaves() if isinstance(leaf, OverSeeds)]
    assert {leaf.block for leaf in leaves} == {BLOCK}
    assert study.budget.seeds // BLOCK == 16


def test_learners_differ_in_architecture_and_see_the_same_batches():
    assert len({(one.steps, one.batch) for one in study.learners}) == 1
    assert len({one.architecture for one in study.learners}) == 3
