import re
from typing import Any

from heldout.results.comparison import Comparison
from heldout.results.pages import compared, html
from markup import Page, sound


def page(comparison: Comparison) -> str:
    return html.page(compared.page(comparison))


def test_the_page_is_whole_inert_and_asks_for_nothing(shaped: Comparison) -> None:
    sound(page(shaped), pictures=False)


def test_hostile_text_is_shown_as_text(hostile: Comparison) -> None:
    read = Page(page(hostile))
    assert "<script>alert('x')</script> & \"q\" | `c` *b*" in read.text
    assert not {"\x1b", "\u202e"} & set(read.text)


def test_figures_are_named_for_those_who_cannot_see_them(made: Any) -> None:
    read = Page(page(made()))
    assert read.tags["svg"] == 8


def test_colours_follow_the_theme(made: Any) -> None:
    drawn = "".join(re.findall(r"<svg.*?</svg>", page(made()), re.DOTALL))
    assert not re.findall(r"(?<!,)#[0-9a-f]{6}\b", drawn)


def test_the_same_comparison_makes_the_same_page(made: Any) -> None:
    assert page(made()) == page(made())


def test_many_systems_are_cut_short_and_that_is_said(made: Any) -> None:
    read = Page(page(made(32, 4)))
    assert "Drawn: the first 24 systems" in read.text
    assert "Drawn: the first 30 systems" in read.text
