"""Cells as people write them, against the number that a person reads."""

import math

import pytest

from heldout.results.reading.cells import decimal_comma, number, parsed


@pytest.mark.parametrize(
    ("text", "value", "how"),
    [
        ("91.4", 91.4, "exact"),
        ("1e-3", 0.001, "exact"),
        ("91.4/88.6", 91.4, "first"),
        ("91.4%", 91.4, "percent"),
        ("91.4 %", 91.4, "percent"),
        ("1,234.5", 1234.5, "marked"),
        ("1,234,567", 1234567, "marked"),
        ("91.4 ± 0.3", 91.4, "spread"),
        ("91.4 +/- 0.3", 91.4, "spread"),
        ("91.4 (0.3)", 91.4, "spread"),
        ("**91.4**", 91.4, "marked"),
        (r"\textbf{91.4}", 91.4, "marked"),
        ("<b>91.4</b>", 91.4, "marked"),
        ("−3.5", -3.5, "marked"),
        ("91.4†", 91.4, "marked"),
        ("true", 1, "word"),
        ("incorrect", 0, "word"),
        ("inf", math.inf, "exact"),
    ],
)
def test_numbers(text, value, how):
    assert number(text) == (value, how)


@pytest.mark.parametrize("text", [None, "", "-", "—", "–", "n/a", "None", " ? "])
def test_missing(text):
    assert number(text).how == "missing"


@pytest.mark.parametrize("text", ["good", "=1+1", "1.2.3", "12 apples", "0x1F", "1,23,4", "__import__('os')"])
def test_text_is_no_number(text):
    assert number(text).how == "text"


def test_decimal_comma():
    assert decimal_comma(["0,91", "1,5", "-"])
    assert not decimal_comma(["1,234", "12,500"])
    assert not decimal_comma(["0.91", "1,5"])
    assert parsed(["0,91", "1,5"])[0].tolist() == [0.91, 1.5]


def test_words_are_outcomes_only_among_words():
    assert parsed(["correct", "wrong"])[0].tolist() == [1, 0]
    values, how = parsed(["fail", "91.4%"])
    assert math.isnan(values[0])
    assert how[0] == "text"
    assert parsed(["fail"], words=False)[1] == ["text"]
