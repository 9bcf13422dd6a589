"""One JSON object of several forms."""

import json

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading import read
from heldout.results.table import Table


@pytest.mark.parametrize(
    ("found", "scores"),
    [
        ({"system": ["a", "b"], "score": [1, 2]}, [[[1]], [[2]]]),
        ({"a": {"t": 1, "u": 2}, "b": {"t": 3, "u": 4}}, [[[1, 2]], [[3, 4]]]),
        ({"a": {"t": [1, 5]}, "b": {"t": [3, 4]}}, [[[1], [5]], [[3], [4]]]),
        ({"a": [1, 2], "b": [3, 4]}, [[[1], [2]], [[3], [4]]]),
        ({"rows": [{"model": "a", "score": 1}, {"model": "b", "score": 2}]}, [[[1]], [[2]]]),
    ],
)
def test_forms(tmp_path, found, scores):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(found))
    made = read([str(path)])
    assert isinstance(made, Table)
    np.testing.assert_array_equal(made.scores, scores)


@pytest.mark.parametrize("found", [{"a": 1}, {"a": {"t": {"deep": 1}}}, {}, {"a": "text"}])
def test_what_is_no_table(tmp_path, found):
    path = tmp_path / "t.json"
    path.write_text(json.dumps(found))
    with pytest.raises(HeldoutError, match="JSON"):
        read([str(path)])
