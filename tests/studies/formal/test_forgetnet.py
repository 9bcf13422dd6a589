from heldout.studies.formal.forgetnet import forgotten, gated, kept, study, tasks


def test_the_networks_differ_in_what_they_remember_only() -> None:
    one, *others = ((x.architecture.width, x.architecture.soft, x.steps, x.batch, x.optimiser) for x in study.learners)
    assert all(other == one for other in others)
    assert [x.architecture.history for x in (kept, forgotten, gated)] == ["kept", "forgotten", "gated"]
    assert [x.penalty for x in (kept, forgotten, gated)] == [0.0, 0.0, 0.1]


def test_every_comparison_asks_that_both_were_taught_with_success() -> None:
    for claim in list(study.claims.values())[:4]:
        asked = {(leaf.task, leaf.where) for c in claim.conditions() for m in c.measures() for leaf in m.leaves()}
        assert asked == {(task, "iid") for task in tasks}
