from typing import Any

from heldout.core.result import Result
from heldout.report.finding import findings, tally
from heldout.report.strip import strips


def test_all_four_verdicts_are_counted(full: Result) -> None:
    assert tally(full) == "7 claims: 2 supported, 1 refuted, 3 undecided, 1 void"


def test_numbers_of_one_claim_share_their_decimals(full: Result) -> None:
    found = findings(full)[0]
    assert found.numbers == "estimate 0.081, 95% interval [0.052, 0.110], bound 0.02; 16 seeds"
    assert found.published == "the gain is 5.3"


def test_a_margin_is_said_with_the_bound(full: Result) -> None:
    assert findings(full)[2].against == "0 ± 0.02"


def test_the_level_is_said_where_several_claims_share_it(full: Result) -> None:
    assert findings(full)[1].basis == "sign test; level 0.0125 after multiplicity"


def test_a_condition_is_told_and_is_no_part(full: Result) -> None:
    found = findings(full)[0]
    assert found.parts == ()
    assert [c.verdict for c in found.conditions] == ["supported"]


def test_a_compound_claim_names_the_part_that_it_hangs_on(full: Result) -> None:
    found = findings(full)[5]
    assert [p.verdict for p in found.parts] == ["supported", "undecided", "refuted"]
    assert found.hinge == "part 2"
    assert found.numbers.startswith("as part 2: estimate 0.520")


def test_nothing_is_said_of_a_claim_without_units(full: Result) -> None:
    assert findings(full)[6].numbers == "nothing was run"


def test_what_speaks_for_a_claim_lies_right_of_its_bound(full: Result) -> None:
    rows = strips(findings(full)).rows
    sides = {"supported": 1, "refuted": -1}
    for strip in rows:
        if strip.found.verdict in sides:
            assert strip.at * sides[strip.found.verdict] > 0
    assert all(-1 <= s.low <= s.at <= s.high <= 1 for s in rows)


def test_infinite_intervals_stay_within_the_strip(made: Any) -> None:
    (strip,) = strips(findings(made.lengths())).rows
    assert (strip.low, strip.high) == (-1.0, 1.0)
