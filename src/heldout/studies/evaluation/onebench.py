"""ONEBench to Test Them All: Sample-Level Benchmarking Over Open-Ended Capabilities (Ghosh et al., 2024).

The paper's claim: turned into orders of the models measured on each sample, heterogeneous measurements give a ranking that
stays close to that of complete data with about 95% of them missing, so that evaluation is up to 20 times cheaper; fitting
Plackett-Luce to the orders is more reliable than Elo. The threshold is ours: Kendall's tau above 0.8.
Kept: right-or-wrong and numeric measurements mixed, orders within samples, missing at random. Changed: 100 simulated
systems on 2,000 samples instead of models on Lighteval, HELM and LMMs-Eval; orders are taken by their pairs. Asked beside
it: the mean of raw measurements, which mixes scales. Left out: capability queries, preferences of people.
Found: as asked down to 95% missing. With 99% missing, about twenty measurements a system, Elo finds a little more of the order
(0.014 of tau), which refutes that claim: ratings that start equal and move little are a prior, which the likelihood lacks.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.measurements import Measurements

truth, whole = Measurements("truth"), Measurements("whole")
plackett_luce = AsIs("heldout.models.sparse_ranking:plackett_luce", label="Plackett-Luce")
elo = AsIs("heldout.models.sparse_ranking:elo", label="Elo")
mean = AsIs("heldout.models.sparse_ranking:mean", label="mean")
tenth, hundredth = At("missing", 0.9), At("missing", 0.99)

study = Study(
    paper=Paper(
        "onebench",
        title="ONEBench to Test Them All: Sample-Level Benchmarking Over Open-Ended Capabilities",
        year=2024,
        authors="Ghosh, Dziadzio, Prabhu, Udandarao, Albanie, Bethge",
        arxiv="2412.06745",
    ),
    tasks=(truth, whole),
    learners=(mean, elo, plackett_luce),
    claims={
        "with 95% missing the order stays close to that of complete data": score(whole, plackett_luce, "iid") > 0.8,
        "and to the truth": score(truth, plackett_luce, "iid") > 0.8,
        "with 90% missing, closer": score(whole, plackett_luce, tenth) > score(whole, plackett_luce, "iid"),
        "with 99% missing it does not": score(whole, plackett_luce, hundredth) < 0.8,
        "Plackett-Luce finds more of the order than Elo": (
            score(truth, plackett_luce, "iid") > score(truth, elo, "iid")
        ),
        "also with 99% missing": score(truth, plackett_luce, hundredth) > score(truth, elo, hundredth),
        "and more than the mean of raw measurements": (
            score(truth, plackett_luce, "iid") > score(truth, mean, "iid") + 0.1
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=800, minutes=8),
)
