"""Deep Reinforcement Learning at the Edge of the Statistical Precipice (Agarwal et al., NeurIPS, 2021).

The paper's claims: with few runs, point estimates often misorder systems; the IQM has smaller intervals than the
median; percentile intervals of the stratified bootstrap are good from about ten runs on (asked here as: within 0.05 of 95%).
Claimed here: with three and five runs they cover less than their 95%; intervals that take the spread between few runs
for Student's cover at least 93%; the paper's other claims are asked as they stand.
Kept: 26 tasks, 3 to 10 runs, endless runs of the same tasks as the truth. Added: a fresh set of tasks in every trial,
heldout's own intervals. Changed: simulated log-normal scores instead of Atari 100k, 1,000 resamples instead of 50,000.
Left out: performance profiles, probability of improvement, optimality gap, the paper's re-reading of published results.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.aggregates import Aggregates

coverage, tightness, ordering = Aggregates("coverage"), Aggregates("tightness"), Aggregates("ordering")
iqm = AsIs("heldout.models.aggregate:iqm_percentile", label="IQM, percentile bootstrap")
median = AsIs("heldout.models.aggregate:median_percentile", label="median, percentile bootstrap")
mean = AsIs("heldout.models.aggregate:mean_percentile", label="mean, percentile bootstrap")
our_iqm = AsIs("heldout.models.aggregate:iqm_stratified", label="IQM, heldout")
our_median = AsIs("heldout.models.aggregate:median_stratified", label="median, heldout")
our_mean = AsIs("heldout.models.aggregate:mean_stratified", label="mean, heldout")
three, five, ten = At("runs", 3), "iid", At("runs", 10)

study = Study(
    paper=Paper(
        "rliable",
        title="Deep Reinforcement Learning at the Edge of the Statistical Precipice",
        year=2021,
        authors="Agarwal, Schwarzer, Castro, Courville, Bellemare",
        arxiv="2108.13264",
    ),
    tasks=(coverage, tightness, ordering),
    learners=(our_mean, mean, our_iqm, iqm, our_median, median),
    claims={
        "with three runs the percentile interval of the IQM covers less than it says": (
            score(coverage, iqm, three) < 0.95
        ),
        "and so does that of the median": score(coverage, median, three) < 0.95,
        "with five runs, too: the IQM": score(coverage, iqm, five) < 0.95,
        "with five runs, too: the median": score(coverage, median, five) < 0.95,
        "ten runs are enough for the percentile interval of the IQM": score(coverage, iqm, ten).near(0.95, 0.05),
        "ten runs are enough for that of the median": score(coverage, median, ten).near(0.95, 0.05),
        "heldout's interval of the IQM covers with three runs": score(coverage, our_iqm, three) > 0.93,
        "with five": score(coverage, our_iqm, five) > 0.93,
        "with ten": score(coverage, our_iqm, ten) > 0.93,
        "heldout's interval of the median covers with three runs": score(coverage, our_median, three) > 0.93,
        "the median's with five": score(coverage, our_median, five) > 0.93,
        "the median's with ten": score(coverage, our_median, ten) > 0.93,
        "percentile intervals of the IQM are narrower than the median's": (
            score(tightness, iqm, five) > score(tightness, median, five)
        ),
        "and so are heldout's": score(tightness, our_iqm, five) > score(tightness, our_median, five),
        "three runs misorder two systems 5% apart by the IQM more than once in five": (
            score(ordering, our_iqm, three) < 0.8
        ),
        "and by the median": score(ordering, our_median, three) < 0.8,
        "by the IQM less often than by the median": (
            score(ordering, our_iqm, three) > score(ordering, our_median, three)
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=3200, minutes=8),
)
