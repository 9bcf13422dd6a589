from heldout.core.claim import Given
from heldout.core.split import IID, TRAIN
from heldout.studies.formal.chomsky import parity, reverse, study


def test_every_claim_holds_only_for_learners_that_fit_unseen_strings_of_the_training_lengths() -> None:
    for claim in study.claims.values():
        conditions = claim.conditions()
        assert conditions or isinstance(claim, Given)
        assert {leaf.where for c in conditions for m in c.measures() for leaf in m.leaves()} == {"iid"}


def test_all_longer_strings_are_at_least_twice_as_long() -> None:
    for task in (parity, reverse):
        assert task.room(TRAIN) == task.room(IID) == 12
        assert min(s.level for s in task.splits if s.level is not None) >= 24
