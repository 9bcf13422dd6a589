import numpy as np
import pytest
from scipy.stats import trim_mean

from heldout.core.seeds import words
from heldout.models import aggregate as given

TABLE = np.random.default_rng(0).lognormal(size=(5, 12))
MODELS = (
    given.iqm_percentile,
    given.median_percentile,
    given.mean_percentile,
    given.iqm_stratified,
    given.median_stratified,
    given.mean_stratified,
)
WANTED = {
    "iqm": trim_mean(TABLE, 0.25, axis=None),
    "median": np.median(TABLE.mean(axis=0)),
    "mean": TABLE.mean(),
}


@pytest.mark.parametrize("model", MODELS)
def test_the_estimate_is_scipys_and_lies_within_its_interval(model) -> None:
    found = model(TABLE, words("a"))
    assert found.estimate == pytest.approx(WANTED[found.aggregate])
    assert found.aggregate == model.__name__.partition("_")[0]
    assert found.low < found.estimate < found.high


@pytest.mark.parametrize(
    ("model", "statistic"),
    [
        (given.iqm_percentile, lambda t: trim_mean(t, 0.25, axis=None)),
        (given.median_percentile, lambda t: np.median(t.mean(axis=0))),
        (given.mean_percentile, np.mean),
    ],
)
def test_the_percentile_interval_is_that_of_runs_drawn_within_tasks(model, statistic) -> None:
    rng = np.random.default_rng(1)
    rows = rng.integers(0, 5, (4_000, 5, 12))
    drawn = [statistic(np.take_along_axis(TABLE, one, axis=0)) for one in rows]
    found = np.mean([model(TABLE, words("b", i))[2:] for i in range(10)], axis=0)
    np.testing.assert_allclose(found, np.quantile(drawn, [0.025, 0.975]), atol=0.06 * np.std(drawn) * 3.92)
