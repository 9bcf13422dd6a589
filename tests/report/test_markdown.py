import re
from typing import Any

from heldout.core.result import Result
from heldout.report.markdown import page


def test_every_table_row_has_as_many_cells_as_its_head(full: Result, odd: Result) -> None:
    for result in (full, odd):
        for block in page(result).split("\n\n"):
            if block.startswith("| "):
                counts = {len(re.findall(r"(?<!\\)\|", line)) for line in block.split("\n")}
                assert len(counts) == 1


def test_no_tag_comes_from_outside(made: Any) -> None:
    text = re.sub(r"```.*?```", "", page(made.lengths()), flags=re.DOTALL)
    assert set(re.findall(r"(?<!\\)<(\w+)", text)) <= {"br"}


def test_a_fence_cannot_be_closed_from_inside(made: Any) -> None:
    from dataclasses import replace

    result = made.single()
    paper = replace(result.study.paper, title="``` <b>")
    text = page(replace(result, study=replace(result.study, paper=paper)))
    assert text.count("```") == 4


def test_pictures_stand_where_the_caller_put_them(made: Any) -> None:
    text = page(made.single(), {"heat [map]": "sums/heat.svg"})
    assert r"![heat \[map\]](sums/heat.svg)" in text
