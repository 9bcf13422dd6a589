"""How predictable is language model benchmark performance? (Owen, 2024).

The paper's claims: a decade of compute ahead, the mean over a benchmark's tasks is foretold to about 6 points, single tasks
to about 18, which still beats guesses that know nothing of compute.
Kept: a sigmoid in log compute for every task, the mean over tasks taken afterwards; the top decade hidden; errors in
points for the mean and for single tasks; the last value and the mean of the past as rivals; a whole family hidden.
Changed: six simulated families on 30 tasks with onsets spread over four decades, in place of BIG-Bench and MMLU; each
model is asked 200 questions a task. Added: straight lines, and observational scaling (Ruan et al., 2024).
Left out: transformers trained for the purpose, sums fitted directly instead of tasks.
Found: errors of 6 points for the mean over tasks and 9 for single tasks. That sigmoids beat lines is refuted: they rise to 1
where true ceilings lie at 0.75 to 1, and overshoot by 6 points on average; observational scaling misses by 6.
"""

from heldout import At, Budget, Paper, Probe, Study, mean, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.upscaling import Upscaling

whole, single = Upscaling("aggregate"), Upscaling("single")
sigmoid = AsIs("heldout.models.upscaling:sigmoid", label="sigmoids")
line = AsIs("heldout.models.upscaling:line", label="lines")
last = AsIs("heldout.models.upscaling:last", label="last value")
past = AsIs("heldout.models.upscaling:mean", label="mean of the past")
families = AsIs("heldout.models.upscaling:families", label="observational scaling")
family = At("hidden", None, "family")

study = Study(
    paper=Paper(
        "benchmark-forecast",
        title="How predictable is language model benchmark performance?",
        year=2024,
        authors="Owen",
        arxiv="2401.04757",
        published={"error of the mean, one decade ahead": "6 points", "of single tasks": "18 points"},
    ),
    tasks=(whole, single),
    learners=(last, past, line, sigmoid, families),
    claims={
        "a decade ahead, the mean over 30 tasks is foretold to 6 points": mean(score(whole, sigmoid)) > 0.94,
        "single tasks are not": mean(score(single, sigmoid)) < 0.94,
        "but better than by the last value": score(single, sigmoid) > score(single, last),
        "and better than by the mean of the past": score(single, sigmoid) > score(single, past),
        "sigmoids foretell single tasks better than lines": score(single, sigmoid) > score(single, line),
        "the families' own lines in capabilities foretell single tasks better still": (
            score(single, families) > score(single, sigmoid)
        ),
        "the mean of a family that was never seen is foretold better by sigmoids than by the last value": (
            score(whole, sigmoid, family) > score(whole, last, family)
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=800, minutes=6),
)
