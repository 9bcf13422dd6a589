from heldout.studies.formal.arithmetic_extrapolation import add, multiply, study, success


def test_success_is_0_or_1_beyond_the_range_of_training():
    for task in (add, multiply):
        for learner in study.learners:
            (leaf,) = success(task, learner).leaves()
            assert leaf.bounds == (0.0, 1.0)
            splits = [s for s in task.splits if s.axis == leaf.where]
            assert [task.range_of(s) for s in splits] == [(2.0, 6.0)]


def test_tasks_differ_in_their_operation_only():
    assert (add.operation, multiply.operation) == ("+", "*")
    assert (add.size, add.epsilon, add.range) == (multiply.size, multiply.epsilon, multiply.range)
