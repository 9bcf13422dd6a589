import re
import xml.etree.ElementTree as ET
from typing import Any

import pytest

from heldout.core.result import Result
from heldout.report.figures.drawing import Drawing, name
from heldout.report.figures.gallery import gallery
from heldout.report.figures.style import SHADES

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="session")
def drawn(full: Result) -> tuple[Drawing, ...]:
    return gallery(full)


def test_all_kinds_are_drawn(drawn: tuple[Drawing, ...]) -> None:
    kinds = [re.split(r"-", d.name)[0] for d in drawn]
    assert kinds == [
        "forest",
        "evidence",
        *["against"] * 4,
        "heat",
        "samples",
        "against",
        "training",
        "heat",
        "samples",
    ]


def test_every_file_is_sound_and_alone(drawn: tuple[Drawing, ...]) -> None:
    for drawing in drawn:
        root = ET.fromstring(drawing.file)  # noqa: S314 - our own text
        assert root.tag == f"{SVG}svg"
        ids = [e.get("id") for e in root.iter() if e.get("id")]
        assert len(set(ids)) == len(ids)
        links = [e.get("href", "#") for e in root.iter()]
        assert all(link.startswith(("#", "data:image/png")) for link in links)
        assert {link[1:] for link in links if link.startswith("#")} <= {*ids, ""}


def test_text_is_text(drawn: tuple[Drawing, ...]) -> None:
    for drawing in drawn:
        root = ET.fromstring(drawing.svg)  # noqa: S314 - our own text
        assert list(root.iter("text"))
    heat = next(d for d in drawn if d.name.startswith("heat"))
    for said in ("gaussian noise", "cnn+augmix", "0.780"):
        assert f">{said}<" in heat.svg


def test_colours_follow_the_reader(drawn: tuple[Drawing, ...]) -> None:
    forest = drawn[0]
    assert "var(--supported,#" in forest.svg
    assert "prefers-color-scheme:dark" in forest.file


def test_the_same_result_draws_the_same(full: Result, drawn: tuple[Drawing, ...]) -> None:
    assert [d.svg for d in gallery(full)] == [d.svg for d in drawn]


def test_odd_results_draw_what_they_can(odd: Result) -> None:
    for drawing in gallery(odd):
        ET.fromstring(drawing.file)  # noqa: S314 - our own text


def test_hostile_text_is_escaped(made: Any) -> None:
    for drawing in gallery(made.lengths()):
        assert "<script" not in drawing.file


def test_names_are_fit_for_files() -> None:
    assert name("a", "b") == "a-b"
    assert re.fullmatch(r"[a-z0-9-]+", name("../x", "数", "A b"))
    assert name("A") != name("a")


def light(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    a, b = sorted((light(one), light(other)))
    return (b + 0.05) / (a + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_contrast_is_enough(theme: int) -> None:
    paper = SHADES["paper"][theme]
    for shade in ("ink", "soft", "supported", "refuted", "undecided", "void"):
        assert contrast(SHADES[shade][theme], paper) >= 4.5
    for shade in (f"c{i}" for i in range(1, 8)):
        assert contrast(SHADES[shade][theme], paper) >= 3
