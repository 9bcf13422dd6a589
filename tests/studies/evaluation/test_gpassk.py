from heldout.studies.evaluation.gpassk import study


def test_all_metrics_of_every_network_are_printed_and_seeds_suffice() -> None:
    assert len(study.measures) == 24
    assert study.budget.seeds is not None
    assert study.budget.seeds >= 12
