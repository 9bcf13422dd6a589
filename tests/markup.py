"""What every HTML page must be: whole, inert, and asking for nothing outside."""

import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

VOID = {"meta", "link", "img", "br", "input"}
SHAPES = {"svg", "g", "path", "use", "defs", "clippath", "rect", "text", "tspan"}
WORDS = (
    "html head title style body header a div p b h1 h2 h3 h4 ul ol li span nav main section article figure figcaption i"
)
TABLES = "small dl dt dd table caption thead tbody tr th td pre code footer"
KNOWN = VOID | SHAPES | {*WORDS.split(" "), *TABLES.split(" ")}


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


def sound(text: str, *, pictures: bool = True) -> Page:
    """The page, once nothing on it runs, is fetched or leads elsewhere; `pictures`: whether it may hold any."""
    read = Page(text)
    assert set(read.tags) <= KNOWN, "a tag that is not of our making"
    assert read.tags["h1"] == 1
    assert pictures or not read.tags["img"]
    for tag, name, value in read.attributes:
        assert not name.startswith("on")
        if name in ("href", "src", "xlink:href", "action", "data", "srcset"):
            assert value.startswith(("#", "data:image/png;base64,")) or (tag, value) == ("link", "data:,")
        if name not in ("title", "alt", "aria-label"):
            assert "://" not in value
    ids = read.of("id")
    assert len(set(ids)) == len(ids)
    targets = [v[1:] for v in read.of("href") if v.startswith("#")] + read.of("aria-labelledby")
    assert set(targets) <= set(ids)
    style = re.findall(r"<style[^>]*>(.*?)</style>", text, re.DOTALL)
    assert len(style) == 1
    assert "@import" not in style[0]
    assert "url(" not in style[0]
    assert "prefers-color-scheme:dark" in style[0]
    assert read.tags["th"] == sum(1 for t, n, _ in read.attributes if (t, n) == ("th", "scope"))
    assert read.tags["svg"] == sum(1 for t, n, v in read.attributes if (t, n) == ("svg", "aria-label") and v)
    assert read.tags["img"] == sum(1 for t, n, v in read.attributes if (t, n) == ("img", "alt") and v)
    return read
