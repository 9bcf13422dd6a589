from dataclasses import replace
from typing import Any

from heldout.core.result import MeasureRow, Result
from heldout.report.named import measure_tables


def measured(made: Any, *names: str) -> Result:
    result = made.corruptions()
    rows = tuple(
        MeasureRow(n, n, 60.0 + i if "rate" not in n else 0.05, 0.0, 90.0, 12, "seed") for i, n in enumerate(names)
    )
    return replace(result, measures=rows)


def test_learners_stand_side_by_side(made: Any) -> None:
    names = ("mCE(MNIST, cnn)", "mCE(MNIST, cnn+augment)", "flip rate of cnn", "flip rate of mlp", "mCE(mlp)", "churn")
    first, second = measure_tables(measured(made, *names))
    assert first.columns == ("mlp", "cnn", "cnn+augment")
    assert [r.label for r in first.rows] == ["mCE(MNIST)", "flip rate"]
    assert [c is None for c in first.rows[0].cells] == [True, False, False]
    assert [r.label for r in second.rows] == ["mCE(mlp)", "churn"]


def test_unlike_sizes_keep_their_digits(made: Any) -> None:
    (table,) = measure_tables(measured(made, "mCE of cnn", "mCE of mlp", "rate of cnn", "rate of mlp"))
    assert [table.number(r.cells[1], r) for r in table.rows] == ["60.0", "0.050"]


def test_the_paper_s_figure_stands_beside_ours(full: Result) -> None:
    (table,) = measure_tables(full)
    assert table.notes == ("in the paper",)
    assert table.rows[0].notes == ("cnn: 76.7 (ResNet-50)",)


def test_no_measures_no_table(made: Any) -> None:
    assert list(measure_tables(made.bare())) == []
