"""What notebooks show is escaped, and says what the terminal says."""

from heldout.core.verdict import Verdict, Verdicts
from heldout.report.notebook import frame, table, verdicts
from heldout.report.table import Cell, Row, Table

EVIL = '<script>alert(1)</script>"&'


def test_verdicts_are_rows():
    found = verdicts(Verdicts((Verdict(EVIL, f"s < {EVIL}", "refuted", 0.25, 0.2, 0.3, n=12, bound=0.5),)))
    assert "▼ refuted" in found
    assert "estimate 0.25" in found
    assert "<script" not in found


def test_a_table_keeps_every_number_and_is_escaped():
    shown = Table(EVIL, EVIL, (EVIL,), (Row(EVIL, (Cell(0.5, 0.4, 0.6),)), Row("none", (None,), "part")), caption=EVIL)
    found = table(shown)
    assert "0.500" in found
    assert "[0.400, 0.600]" in found
    assert found.count("<tr>") == 3
    assert "<script" not in found


def test_a_frame_holds_a_page_that_cannot_leave_it():
    assert '"a"' not in frame('<p class="a">')
    assert "sandbox" in frame("")
