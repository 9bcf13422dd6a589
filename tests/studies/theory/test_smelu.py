from heldout.core.cell import unit
from heldout.core.measure import OverSeeds
from heldout.studies.theory.smelu import TEST, digits, study
from heldout.tasks.vision.handwriting import partition


def test_four_hundred_digits_are_trained_on_and_all_others_asked():
    train, test = partition("digits", TEST)
    assert (len(train), len(test)) == (400, digits.images)


def test_disagreement_is_a_number_per_pair_of_seeds():
    leaves = [leaf for leaf in study.leaves() if isinstance(leaf, OverSeeds)]
    assert {leaf.learner.name for leaf in leaves} == {one.name for one in study.learners}
    assert {unit(leaf) for leaf in leaves} == {"block"}


def test_the_probe_that_disagreement_needs_keeps_its_items():
    (kept,) = (p for p in study.probes if p.items)
    assert [s.name for s in kept.splits(digits)] == ["iid"]
