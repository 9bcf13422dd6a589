import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats import aggregate, bootstrap, efficiency, stratified

CURVES = np.cumsum(np.random.default_rng(0).normal(0.1, 1, size=(5, 6, 4)), axis=-1)


def test_every_step_is_an_interquartile_mean():
    ours = efficiency.curve(CURVES)
    percentile = efficiency.percentile_curve(CURVES, 2_000, np.random.default_rng(1))
    for step in range(4):
        expected = stratified.iqm(CURVES[..., step])
        np.testing.assert_allclose([part[step] for part in ours], expected)
        plain = bootstrap.percentile(0.0, bootstrap.draws(CURVES[..., step], 2_000, np.random.default_rng(2)).iqm)
        assert percentile.estimate[step] == pytest.approx(expected.estimate)
        width = plain.high - plain.low
        assert percentile.low[step] == pytest.approx(plain.low, abs=0.1 * width)
        assert percentile.high[step] == pytest.approx(plain.high, abs=0.1 * width)


def test_runs_of_unequal_length_stand_side_by_side():
    curves = CURVES.copy()
    curves[3:, :, 2:] = np.nan
    ours = efficiency.curve(curves)
    assert ours.estimate[3] == pytest.approx(aggregate.iqm(CURVES[:3, :, 3]))
    assert ours.estimate[1] == pytest.approx(aggregate.iqm(CURVES[:, :, 1]))


def test_area_is_the_mean_height():
    steps = np.array([0.0, 1.0, 3.0, 4.0])
    line = np.broadcast_to(2 * steps, (1, 1, 4)).copy()
    assert efficiency.area(line, steps).tolist() == [[4.0]]
    line[0, 0, 1] = np.nan  # a straight line bridges its own gap
    assert efficiency.area(line, steps).tolist() == [[4.0]]
    line[0, 0, 1:] = np.nan
    assert np.isnan(efficiency.area(line, steps)).all()


def test_bad_curves_are_named():
    with pytest.raises(HeldoutError, match="runs x tasks x steps"):
        efficiency.curve(np.ones((2, 3)))
    with pytest.raises(HeldoutError, match="rise"):
        efficiency.area(CURVES, np.array([0.0, 2.0, 1.0, 3.0]))
