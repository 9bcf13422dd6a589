"""What stands beside a model on a table: a linear model and boosted trees, as scikit-learn has them."""

from typing import Any


def linear_classifier() -> Any:
    """Logistic regression on standardised features, medians where a cell is empty."""
    from sklearn.linear_model import LogisticRegression

    return _scaled(LogisticRegression(max_iter=2000))


def linear_regressor() -> Any:
    """Ridge regression on standardised features, medians where a cell is empty."""
    from sklearn.linear_model import Ridge

    return _scaled(Ridge())


def boosted_classifier() -> Any:
    """Gradient-boosted trees on histograms, which take empty cells as they are."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    return HistGradientBoostingClassifier(max_iter=100)


def boosted_regressor() -> Any:
    """Gradient-boosted trees on histograms, which take empty cells as they are."""
    from sklearn.ensemble import HistGradientBoostingRegressor

    return HistGradientBoostingRegressor(max_iter=100)


def as_given(inputs: Any) -> Any:
    """The first column: predictions that somebody else made."""
    return inputs[:, 0]


def _scaled(model: Any) -> Any:
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    return make_pipeline(SimpleImputer(strategy="median"), StandardScaler(), model)
