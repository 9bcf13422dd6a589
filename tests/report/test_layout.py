from rich.cells import cell_len

from heldout.report.layout import fit
from heldout.report.table import Cell, Row, Table, table


def made(rows: int, columns: int) -> Table:
    names = [f"learner {j}" for j in range(columns)]
    lines = [Row(f"place {i}", tuple(Cell(0.1 * i % 1, 0.0, 1.0, 12) for _ in names)) for i in range(rows)]
    return table("title", "score", names, lines)


def test_a_table_that_fits_stays_as_it_is() -> None:
    (layout,) = fit(made(20, 3), 100)
    assert layout.heads[1] == "learner 0\n12 seeds"
    assert layout.rows[1][0][1] == "0.100 [0.000, 1.000]"


def test_a_few_places_become_columns() -> None:
    (layout,) = fit(made(3, 12), 100)
    assert layout.heads == ("", "place 0", "place 1", "place 2", "from")
    assert len(layout.rows) == 12


def test_intervals_move_below_the_estimates() -> None:
    (layout,) = fit(made(20, 5), 100)
    assert layout.rows[1][0][1] == "0.100\n[0.000, 1.000]"


def test_what_is_still_too_wide_is_cut_into_tables_that_fit() -> None:
    layouts = fit(made(20, 40), 80)
    assert len(layouts) > 1
    assert all(x.width <= 80 for x in layouts)
    assert sum(len(x.heads) - 1 for x in layouts) == 40


def test_width_counts_wide_letters() -> None:
    (layout,) = fit(table("t", "score", ["数" * 10], [Row("数", (Cell(0.5),))]), 100)
    assert layout.width == cell_len("score") + 2 + 20


def test_a_label_in_two_lines_is_broken_only_where_numbers_are() -> None:
    rows = [Row("first\nvs second", tuple(Cell(0.5, 0.4, 0.6) for _ in range(4)), notes=("so",)) for _ in range(9)]
    pairs = Table("title", "pair", ("a", "b", "c", "d"), tuple(rows), notes=("verdict",))
    assert fit(pairs, 130)[0].rows[0][0][0] == "first vs second"
    assert fit(pairs, 90)[0].rows[0][0][0] == "first\nvs second"


def test_a_cell_may_have_decimals_of_its_own() -> None:
    row = Row("x", (Cell(412.3, 400.0, 420.0), Cell(0.75, 0.5, 0.9, decimals=2)))
    made_of = Table("title", "pair", ("difference", "share"), (row,), 1)
    assert [made_of.number(c, row) + made_of.interval(c, row) for c in row.cells] == [
        "412.3[400.0, 420.0]",
        "0.75[0.50, 0.90]",
    ]
