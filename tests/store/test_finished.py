import pytest

from heldout.core import HeldoutError
from heldout.store import Finished, open_store

RUN = {"cell": "c", "seed": 0, "status": "ok", "probes": ["p"]}


@pytest.mark.parametrize(
    ("finished", "says"),
    [
        (Finished("b", [RUN], {"colour": ["red"]}, {}, []), "records has no column 'colour'"),
        (Finished("b", [RUN], {"cell": ["c"], "seed": [1, 2]}, {}, []), "differ in length"),
        (Finished("b", [], {}, {}, []), "has no run"),
        (Finished("../b", [RUN], {}, {}, []), "a name is made of"),
        (Finished("b", [RUN], {"cell": ["c"], "value": ["high"]}, {}, []), "records.value does not fit"),
        (Finished("b", [RUN], {}, {"item": [-1]}, []), "items.item does not fit"),
        (Finished("b", [RUN | {"step": "ten"}], {}, {}, []), "runs.step does not fit"),
    ],
)
def test_what_does_not_fit_is_refused_in_one_line(folder, finished, says):
    store = open_store(folder)
    with pytest.raises(HeldoutError, match=says) as raised:
        store.write(finished)
    assert "\n" not in str(raised.value)
    assert list((folder / "batches").iterdir()) == []


def test_a_batch_needs_runs_only(folder):
    store = open_store(folder)
    store.write(Finished("b", [RUN], {}, {}, []))
    assert store.done(["c"]) == {"c": {"p": {0}}}
