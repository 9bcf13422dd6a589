"""Files of separated values as people save them."""

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading import read
from heldout.results.table import Table


def table(folder, text: str | bytes) -> Table:
    path = folder / "t.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = read([str(path)])
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", " | "])
def test_marks(tmp_path, mark):
    found = table(
        tmp_path, "\n".join(mark.join(row) for row in (("model", "seed", "score"), ("a", "1", "2"), ("b", "1", "3")))
    )
    np.testing.assert_array_equal(found.scores.ravel(), [2, 3])


def test_line_breaks_and_quotes_inside_cells(tmp_path):
    rows = 'model,prompt,correct\na,"one\ntwo, ""three""",1\nb,"one\ntwo, ""three""",0\n'
    items = table(tmp_path, rows).items
    assert items is not None
    assert items.names == ('one two, "three"',)


def test_windows_byte_order_mark_and_latin(tmp_path):
    assert table(tmp_path, b"\xef\xbb\xbfmodel,score\r\na,1\r\nb,2\r\n").systems == ("a", "b")
    found = table(tmp_path, b"model,score\nm\xe9l,1\nb,2\n")
    assert found.systems == ("mél", "b")
    assert any("Latin-1" in line for line in found.warnings)


def test_short_rows_are_padded_and_long_ones_refused(tmp_path):
    found = table(tmp_path, "model,t,u\na,1,2\nb,3\nc,5,6\n")
    np.testing.assert_array_equal(found.scores[:, 0], [[1, 2], [3, np.nan], [5, 6]])
    with pytest.raises(HeldoutError, match="line 3 has"):
        table(tmp_path, "model,score\na,1\nb,2,3,4\nc,4\n")


def test_columns_of_one_name_and_without(tmp_path):
    found = table(tmp_path, ",x,x\na,1,2\nb,3,4\n")
    assert found.tasks == ("x", "x (3)")


def test_markdown(tmp_path):
    found = table(tmp_path, "Model | MMLU | GSM8K\n--- | --- | ---\n**a** | 1.5 | 2\nb | 3 | **4**\n")
    assert (found.systems, found.tasks) == (("a", "b"), ("MMLU", "GSM8K"))
    np.testing.assert_array_equal(found.scores[:, 0], [[1.5, 2], [3, 4]])


def test_systems_across_and_seeds_down(tmp_path):
    found = table(tmp_path, "seed,ppo,sac\n1,10,20\n2,11,19\n3,12,25\n")
    assert found.paired
    np.testing.assert_array_equal(found.scores[:, :, 0], [[10, 11, 12], [20, 19, 25]])
