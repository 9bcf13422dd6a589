import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest

from heldout.core.result import Result, SampleFile
from heldout.report.html import page

VOID = {"meta", "link", "img", "br", "input"}
SHAPES = {"svg", "g", "path", "use", "defs", "clipPath", "rect", "text", "tspan", "style", "clippath"}
WORDS = "html head title body a header div p b h1 h2 h3 h4 ul ol li span nav main section article figure figcaption i"
TABLES = "small dl dt dd table caption thead tbody tr th td pre code footer"
KNOWN = SHAPES | {*WORDS.split(" "), *TABLES.split(" ")}


class Page(HTMLParser):
    """Checks nesting; keeps tags, attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.attributes: list[tuple[str, str, str]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Any) -> None:
        self.tags[tag] += 1
        self.attributes += [(tag, name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def of(self, name: str) -> list[str]:
        return [value for _, found, value in self.attributes if found == name]


@pytest.fixture(scope="session")
def whole(full_page: str) -> Page:
    return Page(full_page)


def checked(read: Page) -> None:
    assert set(read.tags) <= KNOWN | VOID, "a tag that is not of our making"
    assert not [a for a in read.attributes if a[1].startswith("on")]
    for tag, name, value in read.attributes:
        if name in ("href", "src", "xlink:href", "action", "data", "srcset"):
            assert value.startswith(("#", "data:image/png;base64,")) or (tag, value) == ("link", "data:,")
        if name not in ("title", "alt", "aria-label"):
            assert "://" not in value
    ids = read.of("id")
    assert len(set(ids)) == len(ids)
    targets = [v[1:] for v in read.of("href") if v.startswith("#")] + read.of("aria-labelledby")
    assert set(targets) <= set(ids)


def test_the_page_is_whole_and_refers_to_nothing_outside(whole: Page) -> None:
    checked(whole)


def test_odd_pages_are_whole_too(odd: Result) -> None:
    checked(Page(page(odd)))


def test_the_style_asks_for_nothing(full_page: str) -> None:
    style = re.findall(r"<style[^>]*>(.*?)</style>", full_page, re.DOTALL)
    assert len(style) == 1
    assert "@import" not in style[0]
    assert "url(" not in style[0]
    assert "prefers-color-scheme:dark" in style[0]


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


def test_tables_and_pictures_can_be_heard(whole: Page) -> None:
    assert whole.tags["th"] == sum(1 for tag, name, _ in whole.attributes if tag == "th" and name == "scope")
    assert whole.tags["img"] == sum(1 for tag, name, v in whole.attributes if (tag, name) == ("img", "alt") and v)
    assert whole.tags["svg"] == sum(
        1 for tag, name, v in whole.attributes if (tag, name) == ("svg", "aria-label") and v
    )
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
