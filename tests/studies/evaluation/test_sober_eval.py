from heldout.studies.evaluation.sober_eval import study


def test_both_sizes_are_asked_of_one_network() -> None:
    names = " ".join(claim.text for claim in study.claims.values())
    assert "_30" in names
    assert "_500" in names
    assert len(study.learners) == len(study.tasks) == 1
