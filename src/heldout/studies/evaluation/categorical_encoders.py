"""A benchmark of categorical encoders for binary classification (Matteucci et al., NeurIPS, 2023).

The paper's claim: which encoder ranks above which depends strongly on the classifier, the tables and the way of judging.
Asked here of single pairs of encoders, where it can be decided: does a pair change places, or the gain of one over the
other change, with the classifier or with the number of categories.
Kept: one-hot, ordinal and target encoders; logistic regression, trees, nearest neighbours; the AUC.
Changed: freshly drawn tables of four columns and 300 rows instead of 50 real data sets, a held-out half instead of five
folds. Left out: the similarity of whole consensus rankings, aggregation, tuning, accuracy and F1, the other encoders.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.core.claim import all_of
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.categorical import Categories


def _with(classifier: str, encoder: str, name: str) -> AsIs:
    return AsIs(f"heldout.models.encoding:{classifier}.{encoder}", label=name)


tables = Categories()
one_hot = _with("logistic", "one_hot", "logistic, one-hot")
ordinal = _with("logistic", "ordinal", "logistic, ordinal")
targets = _with("logistic", "mean_target", "logistic, mean target")
smoothed = _with("logistic", "smoothed", "logistic, smoothed target")
tree_one_hot, tree_smoothed = (
    _with("tree", "one_hot", "tree, one-hot"),
    _with("tree", "smoothed", "tree, smoothed target"),
)
near_one_hot = _with("neighbours", "one_hot", "neighbours, one-hot")
near_smoothed = _with("neighbours", "smoothed", "neighbours, smoothed target")
mixed, few, many = "iid", At("categories", 3), At("categories", 100)

study = Study(
    paper=Paper(
        "categorical-encoders",
        title="A benchmark of categorical encoders for binary classification",
        year=2023,
        authors="Matteucci, Arzamasov, Böhm",
        arxiv="2307.09191",
    ),
    tasks=(tables,),
    learners=(tree_smoothed, tree_one_hot, ordinal, targets, smoothed, one_hot, near_smoothed, near_one_hot),
    claims={
        "with logistic regression one-hot is better than numbers": (
            score(tables, one_hot, mixed) > score(tables, ordinal, mixed)
        ),
        "one-hot is better than smoothed targets with logistic regression, and worse with nearest neighbours": all_of(
            score(tables, one_hot, mixed) > score(tables, smoothed, mixed),
            score(tables, near_smoothed, mixed) > score(tables, near_one_hot, mixed),
        ),
        "trees do better with smoothed targets": score(tables, tree_smoothed, mixed)
        > score(tables, tree_one_hot, mixed),
        "and gain more by them than logistic regression does": (
            score(tables, tree_smoothed, mixed) - score(tables, tree_one_hot, mixed)
            > score(tables, smoothed, mixed) - score(tables, one_hot, mixed)
        ),
        "of three categories, one-hot and smoothed targets make the same": (
            score(tables, one_hot, few).near(score(tables, smoothed, few), 0.02)
        ),
        "of a hundred, smoothed targets make more": score(tables, smoothed, many) > score(tables, one_hot, many),
        "of a hundred, smoothing makes mean targets better": score(tables, smoothed, many)
        > score(tables, targets, many),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=1600, minutes=8),
)
