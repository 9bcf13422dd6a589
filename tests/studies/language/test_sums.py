"""The verdicts can be known beforehand: the faults of the responders are."""

from pathlib import Path

from heldout.lab import Options, conduct
from heldout.store import open_store
from heldout.studies.language.sums import study


def test_every_claim_comes_out_as_reasoning_says(tmp_path: Path) -> None:
    store = open_store(tmp_path / "store")
    result = conduct(study, store, Options(workers=1))
    assert {v.verdict for v in result.verdicts} == {"supported"}
    assert {v.unit for v in result.verdicts} == {"item"}
    kept = store.query("select distinct learner, status from items where answer is not null and answer != ''")[1]
    assert sorted(kept) == [("careless", "ok"), ("exact", "ok"), ("forgetful", "ok")]

    rates = {(r.learner, r.split): (r.low, r.high) for r in result.scores}
    low, high = rates["careless", "24-digits"]  # 24 digits, or 25 where the first two add up to more than 9
    assert low < 0.98**24.5 < high
    low, high = rates["careless", "iid"]
    assert low < 0.98**3.5 < high
