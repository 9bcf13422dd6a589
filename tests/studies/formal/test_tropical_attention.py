from heldout.studies.formal.tropical_attention import adaptive, softmax, study, tasks, tropical


def test_the_networks_differ_in_their_attention_only() -> None:
    specs = {(one.architecture.width, one.architecture.depth, one.architecture.heads) for one in study.learners}
    assert len(specs) == 1
    assert len({(one.steps, one.batch, one.optimiser) for one in (tropical, softmax, adaptive)}) == 1


def test_every_comparison_asks_that_both_have_learnt_the_problem() -> None:
    for claim in study.claims.values():
        asked = {leaf.task for c in claim.conditions() for m in c.measures() for leaf in m.leaves()}
        assert asked == set(tasks)
