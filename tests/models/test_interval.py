import numpy as np
from scipy.stats import bootstrap, ttest_1samp

from heldout.core.seeds import words
from heldout.models.interval import percentile, student

DATA = np.random.default_rng(0).exponential(size=12)


def test_student_is_scipys() -> None:
    wanted = ttest_1samp(DATA, 0.0).confidence_interval(0.95)
    np.testing.assert_allclose(student(DATA, words()), (wanted.low, wanted.high), rtol=1e-12)


def test_percentile_is_scipys_up_to_resampling() -> None:
    wanted = bootstrap(
        (DATA,), np.mean, method="percentile", n_resamples=40_000, rng=np.random.default_rng(1)
    ).confidence_interval
    found = np.mean([percentile(DATA, words("resample", i)) for i in range(20)], axis=0)
    spread = DATA.std() / np.sqrt(len(DATA))
    np.testing.assert_allclose(found, (wanted.low, wanted.high), atol=0.03 * spread)


def test_equal_keys_give_equal_intervals() -> None:
    assert percentile(DATA, words("a")) == percentile(DATA, words("a")) != percentile(DATA, words("b"))
