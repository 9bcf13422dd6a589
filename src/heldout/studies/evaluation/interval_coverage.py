"""What Teachers Should Know About the Bootstrap (Hesterberg, 2015): intervals for a mean from few observations.

Kept: Student's t against the percentile bootstrap, on normal and on skewed data, as observations become more; intervals
from a handful of seeds are such intervals. Added: success rates, where coverage is worked out in full, without simulation.
Left out: the other bootstrap intervals, other statistics than the mean.
"""

from heldout import At, Budget, Paper, Probe, Study, exact, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.coverage import Coverage
from heldout.tasks.estimation.successes import Successes

coverage, successes = Coverage(), Successes(rate=0.9)
student = AsIs("heldout.models.interval:student", label="t interval")
bootstrap = AsIs("heldout.models.interval:percentile", label="percentile bootstrap")
five, many = At("size", 5, "normal"), At("size", 80, "normal")

study = Study(
    paper=Paper(
        "interval-coverage",
        title="What Teachers Should Know About the Bootstrap",
        year=2015,
        authors="Hesterberg",
        arxiv="1411.5279",
    ),
    tasks=(coverage, successes),
    learners=(student, bootstrap),
    claims={
        "five normal observations suffice for a t interval": score(coverage, student, five).near(0.95, 0.03),
        "and are too few for the percentile bootstrap": score(coverage, bootstrap, five) < 0.9,
        "which holds the mean less often than t does": (
            score(coverage, student, five) > score(coverage, bootstrap, five)
        ),
        "eighty observations are enough for it": score(coverage, bootstrap, many).near(0.95, 0.03),
        "ten log-normal observations are too few for t": score(coverage, student, At("size", 10, "log-normal")) < 0.9,
        "a t interval of five runs that mostly succeed misses their rate more often than not": (
            exact(score(successes, student, "iid")) < 0.5
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=3200, minutes=3),
)
