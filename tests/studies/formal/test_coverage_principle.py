from heldout.studies.formal.coverage_principle import ample, scarce, study
from heldout.tasks.formal.two_hop import laid_out


def test_both_tasks_have_the_same_functions_and_one_trains_on_more():
    one, other = laid_out(ample), laid_out(scarce)
    assert (one.first == other.first).all()
    assert (one.second == other.second).all()
    assert set(other.rows["train"]) < set(one.rows["train"])


def test_every_claim_asks_whether_the_training_inputs_were_learnt():
    for claim in study.claims.values():
        conditions = [leaf.where for c in claim.conditions() for m in c.measures() for leaf in m.leaves()]
        assert set(conditions) == {"train"}


def test_no_level_is_told_from_a_handful_of_inputs():
    for task in (ample, scarce):
        assert min(len(rows) for rows in laid_out(task).rows.values()) >= 50
