from heldout.studies.formal.instr_diversity import decoder, few, many, skewed, study


def test_all_arms_have_as_many_examples_and_the_same_unseen_instructions():
    tables = [task.pairs for task in (few, many, skewed)]
    assert {len(made.rows["train"]) for made in tables} == {4096}
    unseen = [[made.sources[row] for row in made.rows["unseen"]] for made in tables]
    assert unseen[0] == unseen[1] == unseen[2]
    assert decoder.architecture.prefix == few.source == many.source == skewed.source


def test_every_claim_asks_whether_known_instructions_are_followed():
    for claim in study.claims.values():
        conditions = [leaf.where for c in claim.conditions() for m in c.measures() for leaf in m.leaves()]
        assert set(conditions) == {"iid"}
