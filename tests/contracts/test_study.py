"""Contracts of studies, and all of them together."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

import toys
from heldout.contracts import check
from heldout.contracts import study as contract
from heldout.core import Budget, HeldoutError
from heldout.core.cell import Cell
from heldout.core.discover import load

TOYS = Path(toys.__file__)


@dataclass(frozen=True)
class Restless(toys.Sums):
    """Has another digest wherever it is made."""

    place: object = field(default_factory=lambda: id(object()))

    def __deepcopy__(self, memo):
        return replace(self, place=object.__hash__(memo))


@dataclass(frozen=True)
class Broken(toys.Adder):
    """Its server is down."""

    def model(self, task, state):
        raise ConnectionError("the server is down")


def test_the_toys_keep_every_contract():
    assert contract.decidable(toys.study) == contract.decidable(toys.asked) == ()
    assert contract.stable(toys.study) == ()
    assert contract.runs(toys.asked) == ()
    assert contract.named_after_its_file(toys.study, TOYS) == ()


def test_a_budget_that_can_decide_nothing_is_said():
    small = replace(toys.study, budget=Budget(seeds=3))
    assert "cannot be decided by 3 seeds" in contract.decidable(small)[0]
    assert len(contract.decidable(small)) == 3


def test_digests_that_a_copy_does_not_share_are_said():
    odd = replace(toys.asked, tasks=(Restless(),), claims={})
    assert contract.stable(odd) == ("task 'sums': a copy of it has another digest",)


def test_learners_that_differ_in_name_only_are_said():
    @dataclass(frozen=True)
    class Named(toys.Search):
        name: str = field(default="a", compare=False)

    twins = replace(toys.study, learners=(Named("a"), Named("b")), claims={})
    assert contract.stable(twins) == ("learner 'b' has the digest of 'a': they differ in name only",)


def test_a_run_that_fails_is_said():
    down = replace(toys.asked, learners=(Broken(),), claims={})
    assert any("the server is down" in problem for problem in contract.runs(down))


def test_a_slug_that_is_not_its_files_is_said():
    assert "means 'other-name'" in contract.named_after_its_file(toys.study, Path("other_name.py"))[0]


def test_another_process_agrees(tmp_path):
    assert contract.same_elsewhere(load(str(TOYS)), str(TOYS)) == ()
    random = tmp_path / "random_study.py"
    text = f"import sys\nsys.path.insert(0, {str(TOYS.parent)!r})\nfrom dataclasses import replace\nimport toys\n"
    random.write_text(text + "study = replace(toys.asked, learners=(toys.Adder(hash('x') % 999),), claims={})\n")
    assert "in another process" in contract.same_elsewhere(load(str(random)), str(random))[0]
    with pytest.raises(HeldoutError, match="another process cannot load it"):
        contract.elsewhere([str(tmp_path / "gone.py")])


def test_checking_a_study_covers_its_tasks_learners_and_itself():
    found = check(toys.asked)
    assert all(f.kept for f in found)
    assert {f.thing for f in found} == {"asked", "task sums", "learner adder"}
    said = {f.contract for f in found}
    assert {"deterministic", "bounds are kept", "shifts shift", "chance < oracle", "claims are decidable"} <= said
    assert {"splits are disjoint", "items are unique", "learns from train splits only", "smoke run"} <= said


def test_checking_a_cell_or_a_task_alone():
    assert {f.thing for f in check(Cell(toys.sums, toys.adder))} == {"task sums", "learner adder"}
    assert {f.thing for f in check(toys.halves)} == {"task halves"}

    @dataclass(frozen=True)
    class Dark(toys.Sums):
        def oracle(self):
            return None

    assert "no oracle" in next(f for f in check(Dark()) if f.contract == "deterministic").skipped
    assert not any(f.skipped for f in check(Cell(Dark(), toys.adder)) if "adder" in f.thing)


def test_what_a_thing_raises_is_what_is_wrong_with_it():
    @dataclass(frozen=True)
    class Raising(toys.Sums):
        def trials(self, model, split, key, n):
            raise ValueError("bad luck\nand more")

    found = next(f for f in check(Raising()) if f.contract == "deterministic")
    assert found.problems == ("raises ValueError: bad luck",)
    with pytest.raises(HeldoutError, match=r"check\(Cell\(task, learner\)\)"):
        check(toys.search)
    with pytest.raises(HeldoutError, match="no study, cell or task"):
        check(3)
