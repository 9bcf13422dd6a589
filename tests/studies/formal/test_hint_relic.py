import dataclasses

from heldout.learners.reasoner import Reasoner
from heldout.studies.formal.hint_relic import hinted, relic, study, unhinted


def test_the_second_view_and_the_hints_are_the_only_differences() -> None:
    shared = [f.name for f in dataclasses.fields(Reasoner) if f.name != "label"]
    assert all(getattr(relic, name) == getattr(hinted, name) for name in shared)
    assert dataclasses.replace(unhinted.architecture, hints=True) == hinted.architecture
    assert [dataclasses.replace(x, architecture=hinted.architecture) == hinted for x in (unhinted, relic)] == [
        True,
        False,
    ]


def test_nothing_is_tested_that_was_seen_in_the_second_view() -> None:
    (task,) = study.tasks
    assert task.train + relic.more < min(task.size)
