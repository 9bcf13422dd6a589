"""General Scales Unlock AI Evaluation with Explanatory and Predictive Power (Zhou et al., 2025): ADeLe.

The paper's claim: success on an item is foreseen better from its demand levels than from embeddings or fine-tuned texts,
most of all on held-out tasks and benchmarks (15 models, 63 tasks; AUROC about 0.84 in distribution); the level of demand that
a system meets half of the time is a profile of its abilities.
Kept: demand levels 0 to 5, logistic profiles, random forests under random, held-out-task and held-out-benchmark folds.
Changed: four planted abilities of simulated systems instead of 18 rubrics rated by a language model; a text is a vector that
tells its task at once and its demands faintly, a stand-in for an embedding, so that this shows what the method can do
where demands are what decides, not that they are what decides for language models. Left out: fine-tuned assessors.
Found: all seven claims as asked; the advantage grows from 0.12 on random items to 0.24 on a held-out benchmark, and profiles
hold planted abilities only where one demand stands out: the level alone says too little where several decide.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.demands import Foreseen, Profiled

foreseen, profiled = Foreseen(), Profiled()
demands = AsIs("heldout.models.assessor:by_demands", label="demands")
texts = AsIs("heldout.models.assessor:by_texts", label="texts")
task, benchmark, mixed = At("fold", 1), At("fold", 2), At("mixed", 1)

study = Study(
    paper=Paper(
        "adele",
        title="General Scales Unlock AI Evaluation with Explanatory and Predictive Power",
        year=2025,
        authors="Zhou, Pacchiardi, Martínez-Plumed, Collins, Moros-Daval and others",
        arxiv="2503.06378",
    ),
    tasks=(foreseen, profiled),
    learners=(demands, texts),
    claims={
        "demands foresee success on random items well": score(foreseen, demands, "iid") > 0.8,
        "better than texts do": score(foreseen, demands, "iid") > score(foreseen, texts, "iid"),
        "on held-out tasks, too": score(foreseen, demands, task) > score(foreseen, texts, task),
        "on held-out benchmarks, too": score(foreseen, demands, benchmark) > score(foreseen, texts, benchmark),
        "the advantage is larger on held-out benchmarks than on random items": (
            score(foreseen, demands, benchmark) - score(foreseen, texts, benchmark)
            > score(foreseen, demands, "iid") - score(foreseen, texts, "iid")
        ),
        "where one demand stands out the profile's interval holds the planted ability": (
            score(profiled, demands, "iid") > 0.9
        ),
        "where demands are alike it does not": score(profiled, demands, mixed) < 0.9,
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=1600, minutes=8),
)
