from heldout.claims import least
from heldout.studies.vision.pacs import known, pooled, study


def test_pooled_training_never_moves_its_weights():
    assert pooled.rate == 0.0
    assert {task.left for task in known.values()} == set(known)


def test_every_claim_could_be_decided_within_the_budget():
    for name in study.claims:
        assert least(study.claims, name, study.budget) is not None
