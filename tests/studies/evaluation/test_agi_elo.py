from heldout.core.cell import Cell
from heldout.studies.evaluation.agi_elo import study


def test_tables_are_its_units_and_every_rule_is_known_by_its_source() -> None:
    assert {Cell(task, learner).unit for task in study.tasks for learner in study.learners} == {"item"}
    assert all(len(learner.source) == 64 for learner in study.learners)
    assert len({learner.given for learner in study.learners}) == len(study.learners)
