import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import OneHotEncoder, StandardScaler, TargetEncoder

from heldout.core.seeds import words
from heldout.models import encoding
from heldout.tasks.estimation.categorical import Rows, table

DRAWN = table(30, words("encoding"))
ROWS = DRAWN.rows


def test_one_hot_is_scikit_learns() -> None:
    wanted = OneHotEncoder(handle_unknown="ignore", sparse_output=False).fit(ROWS.codes)
    for ours, codes in zip(encoding.one_hot(ROWS), (ROWS.codes, ROWS.asked), strict=True):
        np.testing.assert_array_equal(ours, wanted.transform(codes))


@pytest.mark.parametrize(("encoder", "weight"), [(encoding.smoothed, encoding.WEIGHT), (encoding.mean_target, 1e-12)])
def test_target_codes_are_scikit_learns(encoder, weight) -> None:
    wanted = TargetEncoder(smooth=weight, target_type="binary").fit(ROWS.codes, ROWS.targets)
    for ours, codes in zip(encoder(ROWS), (ROWS.codes, ROWS.asked), strict=True):
        np.testing.assert_allclose(ours, wanted.transform(codes), atol=1e-10)


def test_a_classifier_learns_from_standardised_codes() -> None:
    learned, asked = encoding.one_hot(ROWS)
    scaler = StandardScaler().fit(learned)
    fitted = LogisticRegression(max_iter=1_000).fit(scaler.transform(learned), ROWS.targets)
    wanted = fitted.predict_proba(scaler.transform(asked))[:, 1]
    np.testing.assert_allclose(encoding.logistic.one_hot(ROWS, words()), wanted, rtol=1e-6)


@pytest.mark.parametrize("classifier", [encoding.logistic, encoding.tree, encoding.neighbours])
@pytest.mark.parametrize("encoder", ["one_hot", "ordinal", "mean_target", "smoothed"])
def test_every_pair_gives_probabilities_that_are_better_than_nothing(classifier, encoder) -> None:
    drawn = table(3, words("easy"))
    found = getattr(classifier, encoder)(drawn.rows, words("a"))
    assert ((found >= 0) & (found <= 1)).all()
    assert roc_auc_score(drawn.wanted, found) > 0.55
    np.testing.assert_array_equal(found, getattr(classifier, encoder)(drawn.rows, words("a")))


def test_where_one_target_only_was_seen_it_is_given() -> None:
    rows = Rows(ROWS.codes, np.ones_like(ROWS.targets), ROWS.asked)
    assert (encoding.logistic.ordinal(rows, words()) == 1.0).all()
