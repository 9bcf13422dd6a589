from heldout.core.cell import Cell
from heldout.studies.search.hpo_tabular import study


def test_searches_are_its_units_and_finders_are_known_by_their_source() -> None:
    assert {Cell(task, learner).unit for task in study.tasks for learner in study.learners} == {"item"}
    assert all(len(learner.source) == 64 for learner in study.learners)
    assert len({learner.given for learner in study.learners}) == len(study.learners)
