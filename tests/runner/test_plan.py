from dataclasses import replace
from pathlib import Path

import pytest

import toys
from heldout.core import Probe, digest, every
from heldout.core.cell import grid
from heldout.probes.score import score
from heldout.runner.plan import BLOCK, Batch, blocks, chunks, missing, probes


class Done:
    """A store that has what it is told."""

    def __init__(self, folder: Path, done: dict[str, dict[str, set[int]]] | None = None) -> None:
        self.folder, self.found = folder, done or {}

    def done(self, cells: object) -> dict[str, dict[str, set[int]]]:
        return self.found

    def path(self, *parts: str) -> Path:
        return self.folder.joinpath(*parts)


SEARCH, STUCK = grid(toys.study)
SCORE = digest(Probe(score))


def plan(done: Done, units: dict[str, int], kept: set[str] = frozenset(), study: object = toys.study) -> list[Batch]:
    return missing(grid(study), study, done, units, kept)


@pytest.mark.parametrize(
    ("n", "wanted"),
    [
        (1, [(0, 50)]),
        (50, [(0, 50)]),
        (51, [(0, 50), (50, 50)]),
        (200, [(0, 50), (50, 50), (100, 100)]),
        (201, [(0, 50), (50, 50), (100, 100), (200, 200)]),
    ],
)
def test_blocks_double_and_leave_no_gap(n: int, wanted: list[tuple[int, int]]) -> None:
    assert blocks(n) == wanted
    assert sum(size for _, size in blocks(n)) >= n


def test_chunks_are_the_same_however_far_one_goes() -> None:
    assert chunks(range(8)) == [(0, 1, 2, 3), (4, 5, 6, 7)]
    assert chunks(range(4, 12)) == [(4, 5, 6, 7), (8, 9, 10, 11)]
    assert chunks([9, 1, 2]) == [(1, 2), (9,)]
    assert chunks([]) == []


def test_an_empty_store_lacks_everything(tmp_path: Path) -> None:
    found = plan(Done(tmp_path), {SEARCH.digest: 8, STUCK.digest: 4})
    assert [(b.cell, b.units) for b in found] == [
        (SEARCH, (0, 1, 2, 3)),
        (SEARCH, (4, 5, 6, 7)),
        (STUCK, (0, 1, 2, 3)),
    ]
    assert all(b.probes == (Probe(score),) and not b.keep for b in found)
    assert len({b.name for b in found}) == 3


def test_what_the_store_has_is_not_run_again(tmp_path: Path) -> None:
    done = Done(tmp_path, {SEARCH.digest: {SCORE: {0, 1, 2, 3}}, STUCK.digest: {SCORE: {*range(8)}}})
    assert [b.units for b in plan(done, {SEARCH.digest: 8, STUCK.digest: 8})] == [(4, 5, 6, 7)]
    assert plan(done, {SEARCH.digest: 4, STUCK.digest: 8}) == []


def test_a_new_probe_is_all_that_is_taken_of_finished_seeds(tmp_path: Path) -> None:
    curve = Probe(score, at=every(50))
    study = replace(toys.study, probes=(Probe(score), replace(curve, function=len)), claims={})
    done = Done(tmp_path, {SEARCH.digest: {SCORE: {0, 1, 2, 3}}})
    found = plan(done, {SEARCH.digest: 4}, study=study)
    assert [(b.units, [p.name for p in b.probes]) for b in found] == [((0, 1, 2, 3), ["len"])]


def test_lost_weights_that_another_cell_needs_are_trained_again(tmp_path: Path) -> None:
    done = Done(tmp_path, {SEARCH.digest: {SCORE: {*range(8)}}})
    for seed in (0, 1, 2, 3, 5, 6, 7):
        path = done.path("weights", SEARCH.digest, f"{seed}.safetensors")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = plan(done, {SEARCH.digest: 8}, {SEARCH.digest})
    assert [(b.units, b.keep) for b in found] == [((4,), True)]


def test_items_are_planned_in_blocks(tmp_path: Path) -> None:
    (cell,) = grid(toys.asked)
    found = plan(Done(tmp_path), {cell.digest: 200}, study=toys.asked)
    assert [(b.units, b.size) for b in found] == [((0,), BLOCK), ((50,), 50), ((100,), 100)]
    done = Done(tmp_path, {cell.digest: {SCORE: {0, 50}}})
    assert [b.units for b in plan(done, {cell.digest: 200}, study=toys.asked)] == [(100,)]


def test_the_score_is_taken_where_a_study_names_no_probe_of_it() -> None:
    assert probes(toys.study) == (Probe(score),)
    assert probes(replace(toys.study, probes=(Probe(score, n=7),))) == (Probe(score, n=7),)
    assert [p.name for p in probes(replace(toys.study, probes=(Probe(len),)))] == ["score", "len"]
