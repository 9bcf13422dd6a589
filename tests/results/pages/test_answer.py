from dataclasses import replace
from typing import Any

from heldout.results.comparison import Comparison, PairVerdict
from heldout.results.pages.answer import answer, tally


def judged(comparison: Comparison, *verdicts: PairVerdict) -> Comparison:
    """The same with these verdicts on its pairs: 0-1, 0-2, 1-2."""
    pairs = tuple(replace(p, verdict=v) for p, v in zip(comparison.pairs, verdicts, strict=True))
    return replace(comparison, pairs=pairs)


def test_two_systems_are_named_whatever_the_verdict(made: Any) -> None:
    two = made(2)
    assert answer(judged(two, "a better")).headline == "dreamerv3 is better than dreamerv2"
    assert answer(judged(two, "equivalent")).headline == "dreamerv3 and dreamerv2 are equivalent"
    assert answer(judged(two, "undecided")).headline == "Undecided: dreamerv3 and dreamerv2 cannot be told apart yet"
    assert (
        answer(judged(two, "b better")).headline
        == "dreamerv2 is better than dreamerv3, although dreamerv3 has the highest mean"
    )


def test_a_leader_must_beat_everyone(made: Any) -> None:
    three = made(3)
    assert (
        answer(judged(three, "a better", "a better", "undecided")).headline
        == "dreamerv3 is better than each of the 2 others"
    )
    open_ = answer(judged(three, "undecided", "a better", "a better"))
    assert open_.headline == "Undecided: dreamerv3 leads, but dreamerv2 may be as good"
    assert open_.relation.word == "undecided"
    equal = answer(judged(three, "equivalent", "a better", "a better"))
    assert equal.headline == "dreamerv3 leads, and dreamerv2 is equivalent to it"
    beaten = answer(judged(three, "b better", "a better", "undecided"))
    assert beaten.headline == "dreamerv2 is better than dreamerv3, which has the highest mean"


def test_numbers_are_told_from_the_leader(made: Any) -> None:
    three = made(3)
    turned = replace(three, pairs=tuple(
        replace(p, a=p.b, b=p.a, difference=replace(p.difference, estimate=-p.difference.estimate, low=-p.difference.high, high=-p.difference.low),
                probability_of_improvement=replace(p.probability_of_improvement, estimate=1 - p.probability_of_improvement.estimate,
                                                   low=1 - p.probability_of_improvement.high, high=1 - p.probability_of_improvement.low),
                verdict={"a better": "b better", "b better": "a better"}.get(p.verdict, p.verdict))
        for p in three.pairs))  # fmt: skip
    assert answer(turned) == answer(three)


def test_one_system_is_no_comparison(made: Any) -> None:
    assert "nothing to compare" in answer(made(1)).headline


def test_the_tally_counts_verdicts(made: Any) -> None:
    assert (
        tally(judged(made(3), "a better", "undecided", "equivalent")) == "3 pairs: 1 decided, 1 equivalent, 1 undecided"
    )


def test_how_many_more_is_part_of_the_answer(made: Any) -> None:
    two = judged(made(2), "undecided")
    two = replace(two, pairs=(replace(two.pairs[0], more_units=1200),))
    assert any("About 1,200 more runs a side" in s for s in answer(two).sentences)
