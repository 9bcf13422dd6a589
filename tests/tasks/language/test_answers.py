import numpy as np

from heldout.core.seeds import words
from heldout.tasks.interfaces import Prompt
from heldout.tasks.language.answers import outcomes
from heldout.tasks.language.sums import Sums

PROMPTS = [Prompt(f"What is {a} + 1?", str(a + 1)) for a in range(5)]


def test_every_answer_is_kept_with_its_status() -> None:
    said = dict(zip((p.text for p in PROMPTS), ["1", "  ", "no idea", None, "6"], strict=True))
    found = outcomes(Sums(), said.__getitem__, PROMPTS)
    assert found.score.tolist() == [1.0, 0.0, 0.0, 0.0, 0.0]
    assert found.facts["status"].tolist() == ["ok", "empty", "malformed", "malformed", "ok"]
    assert found.facts["answer"].tolist() == ["1", "  ", "no idea", "", "6"]


def test_equal_prompts_have_equal_ids_whoever_is_asked() -> None:
    twice = [*PROMPTS, *PROMPTS]
    one, other = (outcomes(Sums(), responder, twice).item for responder in (str, lambda _: "2"))
    np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(one[:5], one[5:])
    assert len({tuple(row) for row in one.tolist()}) == 5
    assert tuple(one[0]) == tuple(words(PROMPTS[0].text))
