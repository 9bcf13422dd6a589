from typing import Any

import pytest

from heldout.core.result import Result, SampleFile
from heldout.report.html import page
from markup import Page, sound


@pytest.fixture(scope="session")
def whole(full_page: str) -> Page:
    return Page(full_page)


def test_the_page_is_whole_and_refers_to_nothing_outside(full_page: str) -> None:
    sound(full_page)


def test_odd_pages_are_whole_too(odd: Result) -> None:
    sound(page(odd))


def test_hostile_text_is_shown_as_text(made: Any, whole: Page) -> None:
    shown = "<script>alert('x')</script> & \"q\" | `c` *b*"
    assert shown in whole.text
    assert shown in Page(page(made.lengths())).text
    assert "\x1b" not in whole.text
    assert "\u202e" not in whole.text


def test_every_part_of_a_study_is_there(whole: Page) -> None:
    for said in ("What was decided", "What was asked", "Gap per axis", "Where it breaks", "Every number", "Sample instances",
                 "Cost and provenance", "heldout run corruptions", "@article{corruptions,", "the gain is 5.3",
                 "76.7 (ResNet-50)", "58.0", "Kept: fifteen corruptions", "1 diverged", "0123abcd"):  # fmt: skip
        assert said in whole.text
    for word in ("supported", "refuted", "undecided", "void"):
        assert word in whole.text


def test_every_sample_is_a_picture(whole: Page) -> None:
    assert whole.tags["img"] == 2 * 77
    assert whole.tags["h1"] == 1


def test_the_same_result_makes_the_same_page(full: Result, full_page: str) -> None:
    assert page(full) == full_page


def test_what_is_no_picture_is_not_embedded(made: Any, tmp_path: Any) -> None:
    from dataclasses import replace

    result = made.single()
    fake, gone = tmp_path / "a.png", tmp_path / "gone.png"
    fake.write_bytes(b"<svg onload=alert(1)>")
    samples = tuple(SampleFile("sums", "iid", f"2 + {i}", "4", path) for i, path in enumerate((fake, gone)))
    read = Page(page(replace(result, samples=samples)))
    assert read.tags["img"] == 0
    assert "2 + 0" in read.text
    assert "2 + 1" in read.text
