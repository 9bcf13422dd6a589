import numpy as np
import pytest
from scipy.stats import ttest_1samp

from heldout.core.errors import HeldoutError
from heldout.stats import bayes

D = [0.1, 0.3, -0.05, 0.2, 0.4, 0.02, -0.1, 0.15, 0.25, 0.0]


def test_correlated_t_is_the_t_test_without_rope_and_correlation():
    posterior = bayes.correlated_t(D)
    assert posterior.second == pytest.approx(ttest_1samp(D, 0, alternative="greater").pvalue)
    assert sum(posterior) == pytest.approx(1.0)


def test_correlated_t_agrees_with_baycomp():
    # baycomp 1.0.3, CorrelatedTTest.probs(d, 0, rope=0.05, runs=1): ten folds, so a correlation of 0.1
    posterior = bayes.correlated_t(D, rope=0.05, correlation=0.1)
    assert posterior[::-1] == pytest.approx((0.8358449190659555, 0.14340117633220117, 0.020753904601843343), abs=1e-9)


def test_signed_rank_agrees_with_baycomp():
    # baycomp 1.0.3, SignedRankTest.probs(d, 0, rope=0.043, nsamples=400000, random_state=0), prior 0.5 and 1
    assert bayes.signed_rank(D, rope=0.043)[::-1] == pytest.approx((0.978095, 0.0173275, 0.0045775), abs=0.002)
    assert bayes.signed_rank(D, rope=0.043, prior=1.0)[::-1] == pytest.approx((0.97013, 0.02513, 0.00474), abs=0.003)


def test_signed_rank_is_symmetric_and_sure_of_the_obvious():
    one, other = bayes.signed_rank(D), bayes.signed_rank([-v for v in D])
    assert one.first == pytest.approx(other.second, abs=0.01)
    assert bayes.signed_rank([5.0] * 12, rope=0.1).first > 0.99
    assert bayes.signed_rank([0.01] * 12, rope=0.1).rope == 1.0
    assert bayes.signed_rank([0.1] * 12, [0.0] * 12, rope=0.1).rope == 1.0  # on the edge, rounding or not
    assert bayes.signed_rank(D, seed=3, draws=500) == bayes.signed_rank(D, seed=3, draws=500)


def test_constant_differences_are_certain():
    assert bayes.correlated_t([0.5] * 4, rope=0.1) == (0.0, 0.0, 1.0)
    assert bayes.correlated_t([0.0] * 4, rope=0.1) == (0.0, 1.0, 0.0)


def test_bad_input_is_an_error():
    with pytest.raises(HeldoutError, match="half-width"):
        bayes.signed_rank(D, rope=-1.0)
    with pytest.raises(HeldoutError, match="correlation"):
        bayes.correlated_t(D, correlation=1.0)
    with pytest.raises(HeldoutError, match="prior"):
        bayes.signed_rank(D, prior=0.0)
    with pytest.raises(HeldoutError, match="not finite"):
        bayes.signed_rank([1.0, np.nan])
