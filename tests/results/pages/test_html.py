import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

from heldout.results.comparison import Comparison
from heldout.results.pages import compared, html

VOID = {"meta", "link"}
SHAPES = {"svg", "g", "path", "use", "defs", "clippath", "rect", "text", "tspan"}
WORDS = "html head title style body a header div p b h1 h2 h3 ul li span nav main section article figure figcaption"
TABLES = "small dl dt dd table caption thead tbody tr th td code footer"
KNOWN = VOID | SHAPES | {*WORDS.split(" "), *TABLES.split(" ")}


def page(comparison: Comparison) -> str:
    return html.page(compared.page(comparison))


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


def test_the_page_is_whole_inert_and_asks_for_nothing(shaped: Comparison) -> None:
    text = page(shaped)
    read = Page(text)
    assert set(read.tags) <= KNOWN, "a tag that is not of our making"
    assert read.tags["h1"] == 1
    for tag, name, value in read.attributes:
        assert not name.startswith("on")
        if name in ("href", "src", "xlink:href", "action", "srcset"):
            assert value.startswith("#") or (tag, value) == ("link", "data:,")
        if name not in ("title", "aria-label"):
            assert "://" not in value
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(set(ids)) == len(ids)
    targets = [v.removeprefix("#") for _, n, v in read.attributes if n in ("href", "aria-labelledby") and v != "data:,"]
    assert set(targets) <= set(ids)
    style = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
    assert len(style) == 1
    assert "url(" not in style[0]
    assert "prefers-color-scheme:dark" in style[0]


def test_hostile_text_is_shown_as_text(hostile: Comparison) -> None:
    read = Page(page(hostile))
    assert "<script>alert('x')</script> & \"q\" | `c` *b*" in read.text
    assert not {"\x1b", "\u202e"} & set(read.text)


def test_figures_are_named_for_those_who_cannot_see_them(made: Any) -> None:
    read = Page(page(made()))
    assert read.tags["svg"] == 8
    assert read.tags["svg"] == sum(1 for t, n, v in read.attributes if (t, n) == ("svg", "aria-label") and v)
    assert read.tags["th"] == sum(1 for t, n, _ in read.attributes if (t, n) == ("th", "scope"))


def test_colours_follow_the_theme(made: Any) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", page(made()), re.DOTALL))
    assert not re.findall(r"(?<!,)#[0-9a-f]{6}\b", drawn)


def test_the_same_comparison_makes_the_same_page(made: Any) -> None:
    assert page(made()) == page(made())


def test_many_systems_are_cut_short_and_that_is_said(made: Any) -> None:
    read = Page(page(made(32, 4)))
    assert "Drawn: the first 24 systems" in read.text
    assert "Drawn: the first 30 systems" in read.text
