"""Pages of stores and evidence from elsewhere, and what pages export."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from browser import needed, tab
from heldout.core import Paper, Study
from heldout.core.discover import Found
from heldout.core.errors import HeldoutError
from heldout.core.result import Result
from heldout.report.citation import bibtex
from heldout.report.site.pages import render
from heldout.report.site.shelf import Shelf
from heldout.report.site.write import write
from heldout.runner import samples


def test_two_authors_are_two() -> None:
    assert "author = {Klein and Hutter}," in bibtex(Paper("x", "T", authors="Klein, Hutter"))


def test_samples_of_a_foreign_store_read_nothing_else(tmp_path: Path) -> None:
    row = {"split": "iid", "text": "x", "answer": "y"}
    for image in ("/dev/zero", "../../secret.png", str(tmp_path / "0000.png")):
        (tmp_path / "index.json").write_text(json.dumps([row | {"image": image}]))
        assert [s.image for s in samples.read("t", tmp_path) or ()] == [None]
    for odd in ([{}], 5, [row | {"image": 3}]):
        (tmp_path / "index.json").write_text(json.dumps(odd))
        assert samples.read("t", tmp_path) is None


def test_evidence_of_wrong_types_is_one_line(tmp_path: Path) -> None:
    from heldout import evidence

    kept = json.loads((Path(evidence.__file__).parents[2] / "evidence" / "borda-ranking.json").read_text())
    study = Study(Paper("borda-ranking"), (), (), {})
    for part in ("seconds", "diverged", "revisions", "provenance"):
        path = tmp_path / "borda-ranking.json"
        path.write_text(json.dumps(kept | {part: [1]}))
        with pytest.raises(HeldoutError, match="damaged"):
            evidence.recall(study, path)


def test_only_a_page_s_own_learner_is_bold_and_no_interval_is_nan(made) -> None:
    task = made.corruptions().study.tasks[0]
    first, second = (replace(made.corruptions().study.learners[0], name="cnn", steps=n) for n in (400, 10))
    row = made.lengths().scores[1]
    row = replace(row, task=task.name, learner="cnn", split="iid", axis=None, level=None, group=None, estimate=0.5)
    row = replace(row, low=float("nan"), high=float("nan"), n=1)
    shelf = Shelf({s: Result(Study(Paper(s), (task,), (x,), {}), (), (row,)) for s, x in (("a", first), ("b", second))})
    page = render(shelf, shelf.learners[0].address)
    assert page.count('<tr class="own">') == 1
    assert "nan" not in page.partition("<main")[2].partition("<script")[0]


@needed
def test_exports_counts_print_and_figures(full, made, tmp_path: Path) -> None:
    write(Shelf({"c": full}, {"c": Found("c", "vision", "c")}), tmp_path)
    write(Shelf({}), tmp_path / "none")
    with tab("file://") as at:
        page = at.page
        page.goto(f"file://{tmp_path}/studies/c.html")
        with page.expect_download() as got:
            page.locator(".tools button", has_text="CSV").nth(2).click()
        assert "linear (12 seeds)" in Path(got.value.path()).read_text().splitlines()[0]
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.querySelector('.strips .line .bar')).display") == "block"
        page.goto(f"file://{tmp_path}/none/index.html")
        assert page.inner_text("#list-count") == "0 studies"
