import re
from itertools import product

import pytest

from heldout.core.result import ScoreRow
from heldout.report.figures import training_curve
from heldout.report.scores import Board

STEPS = (10, 31, 100, 316, 1000)


def row(learner, split, step, value, axis=None):
    return ScoreRow(
        "sums", learner, "", split, axis, None, None, "score", step, value, value - 0.05, value + 0.05, 8, "seed"
    )


def board(splits=("train", "iid"), steps=STEPS, learners=("fast", "slow"), axis=None):
    rows = [row(x, s, t, i / len(steps)) for x, s, (i, t) in product(learners, splits, enumerate(steps))]
    rows += [row(x, axis, t, 0.2, axis) for x, t in product(learners, steps) if axis]
    places = {(r.split, r.axis, r.group, r.level): {} for r in rows}
    return Board("sums", "score", places, {x: x for x in learners}, tuple(rows))


def test_every_learner_has_a_panel_with_both_curves_and_their_bands():
    drawn = training_curve.curves(board())
    assert [d.caption for d in drawn] == ["fast", "slow"]
    assert len({d.name for d in drawn}) == 2
    for index, one in enumerate(drawn, 1):
        lines = re.findall(rf'style="fill: none;[^"]*stroke: var\(--c{index},[^"]*"', one.svg)
        assert len(lines) == 2
        assert sum("dasharray" in line for line in lines) == 1
        assert one.svg.count(f"fill: var(--c{index},") == 2
    assert training_curve.legend(board()) == "solid: iid; dashed: train"


def test_axes_come_as_further_lines():
    found = board(axis="length")
    assert training_curve.legend(found) == "solid: iid; dashed: train; dotted: length"
    assert len(re.findall(r'style="fill: none;[^"]*stroke: var\(--c1,', training_curve.curves(found)[0].svg)) == 3


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        (STEPS, {"10", "100", "1000"}),
        ((10, 10_000, 100_000), {"10k", "100k"}),
        ((100, 200, 300), {"100", "200", "300"}),
    ],
)
def test_steps_stand_on_a_logarithmic_axis_where_they_span_much(steps, said):
    texts = set(re.findall(r">([^<>]+)</text>", training_curve.curves(board(steps=steps))[0].svg))
    assert said <= texts


def test_equal_factors_are_equal_distances_on_it():
    svg = training_curve.curves(board(learners=("one",)))[0].svg
    path = next(p for p in re.findall(r'd="([^"]+)" [^>]*style="fill: none; stroke: var\(--c1', svg))
    xs = [float(x) for x in re.findall(r"[ML] ([-\d.]+)", path)]
    gaps = [b - a for a, b in zip(xs, xs[1:], strict=False)]
    assert len(xs) == len(STEPS)
    assert gaps == pytest.approx([gaps[0]] * 4, rel=0.05)


def test_there_is_nothing_where_one_side_or_the_course_is_missing():
    assert training_curve.curves(board(splits=("iid",))) == ()
    assert training_curve.curves(board(splits=("train",), axis="length")) == ()
    assert training_curve.curves(board(steps=(100, 200))) == ()
