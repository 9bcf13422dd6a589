from pathlib import Path

import pytest

from heldout.core import HeldoutError, digest
from heldout.learners.as_is import AsIs
from heldout.models import adder


def test_a_path_and_a_callable_lead_to_the_same_model() -> None:
    path, direct = AsIs("heldout.models.adder:forgetful"), AsIs(adder.forgetful)
    assert path.model(None, ()) is direct.model(None, ()) is adder.forgetful
    assert path.name == direct.name == "forgetful"
    assert AsIs("heldout.models.adder:forgetful", label="F").name == "F"
    assert path.steps == 0


def test_editing_the_file_behind_a_path_changes_the_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    file = tmp_path / "made_up_responder.py"
    file.write_text("def answer(text):\n    return '1'\n")
    first = digest(AsIs("made_up_responder:answer"))
    assert digest(AsIs("made_up_responder:answer")) == first
    file.write_text("def answer(text):\n    return '2'\n")
    assert digest(AsIs("made_up_responder:answer")) != first


@pytest.mark.parametrize("path", ["no_such_module_at_all:f", "heldout.models.adder", "heldout.no.such:f", ":f"])
def test_a_path_that_leads_nowhere_is_named(path: str) -> None:
    with pytest.raises(HeldoutError, match="cannot find"):
        AsIs(path)


def test_a_name_that_is_not_there_is_named() -> None:
    with pytest.raises(HeldoutError, match="no function 'subtract'"):
        AsIs("heldout.models.adder:subtract").model(None, ())
