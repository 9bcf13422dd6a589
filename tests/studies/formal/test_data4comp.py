from heldout.studies.formal.data4comp import JUMP, few, many, repeated, study


def test_the_control_has_as_many_verbs_and_as_few_commands():
    sizes, verbs = {}, {}
    for task in (few, many, repeated):
        made = task.pairs
        train = [made.sources[row] for row in made.rows["train"]]
        sizes[task], verbs[task] = len(train), len({s[0] for s in train if len(s) == 1})
    assert verbs == {few: 4, many: 61, repeated: 61}
    assert sizes[few] == sizes[repeated] + 1 == 3_701
    assert sizes[many] > 3 * sizes[repeated]


def test_arms_of_as_many_verbs_are_asked_the_same_commands():
    asked = [{task.pairs.sources[row] for row in task.pairs.rows[JUMP]} for task in (many, repeated)]
    assert asked[0] == asked[1]


def test_every_claim_asks_whether_other_commands_are_followed():
    for claim in study.claims.values():
        conditions = [leaf.where for c in claim.conditions() for m in c.measures() for leaf in m.leaves()]
        assert set(conditions) == {"iid"}
