from dataclasses import replace
from typing import Any

import pytest

from heldout.core import Paper
from heldout.core.result import Result
from heldout.report.citation import bibliography, bibtex, citation, papers


def test_papers_of_what_was_used_follow_the_study_s_own(full: Result) -> None:
    assert [p.slug for p in papers(full.study)] == ["corruptions", "augmix"]
    assert bibliography(full.study).count("@article{") == 2


def test_a_citation_is_one_line() -> None:
    paper = Paper("x", "Why?", 2019, "A. One and B. Two", "1903.12261")
    assert citation(paper) == "A. One and B. Two (2019). Why? arXiv:1903.12261."
    assert citation(replace(paper, authors="A. One et al.", arxiv="")) == "A. One et al. (2019). Why?"


@pytest.mark.parametrize(
    ("authors", "written"),
    [
        ("Ann One and Bea Two", "Ann One and Bea Two"),
        ("Ann One, Bea Two, and Cy Three", "Ann One and Bea Two and Cy Three"),
        ("Ann One et al.", "Ann One and others"),
        ("One, Ann and Two, Bea", "One, Ann and Two, Bea"),
    ],
)
def test_bibtex_knows_how_people_write_authors(authors: str, written: str) -> None:
    assert f"author = {{{written}}}," in bibtex(Paper("x", "T", authors=authors))


def test_bibtex_cannot_be_broken_out_of(made: Any) -> None:
    entry = bibtex(Paper("a-b", "}} & 100% \\input{x} " + made.HOSTILE, authors="x} and y", arxiv="1{}"))
    depth = 0
    for sign in entry.replace("\\&", "").replace("\\%", ""):
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    assert "\\input" not in entry
    assert entry.startswith("@article{a-b,")
