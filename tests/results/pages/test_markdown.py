import re
from typing import Any

from heldout.results.comparison import Comparison
from heldout.results.pages import compared, markdown


def page(comparison: Comparison) -> str:
    return markdown.page(compared.page(comparison))


def test_every_table_row_has_as_many_cells_as_its_head(shaped: Comparison) -> None:
    tables = [block for block in page(shaped).split("\n\n") if block.startswith("| ")]
    assert tables
    for block in tables:
        assert len({len(re.findall(r"(?<!\\)\|", line)) for line in block.split("\n")}) == 1


def test_no_markup_comes_from_outside(hostile: Comparison) -> None:
    text = page(hostile)
    assert not re.findall(r"(?<!\\)<\w+", text)
    assert not re.findall(r"(?<!\\)\]\(", text)
    assert "\x1b" not in text


def test_the_answer_is_the_title(made: Any) -> None:
    assert page(made()).startswith("# dreamerv3 is better than each of the 4 others\n")


def test_every_part_is_there(made: Any) -> None:
    heads = re.findall(r"^## (.*)$", page(made()), re.MULTILINE)
    assert heads == ["What was understood", "Aggregate scores", "Pair by pair", "Rankings by rule", "Performance profiles",
                     "Tasks", "What would settle the rest", "Warnings"]  # fmt: skip
