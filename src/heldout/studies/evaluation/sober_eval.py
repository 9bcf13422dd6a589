"""A Sober Look at Progress in Language Model Reasoning: Pitfalls and Paths to Reproducibility (Hochlehnert et al., 2025).

Kept: pass@1 of sampled answers on 30 questions (as AIME has) and on 500 (as MATH500), its spread over sampling seeds, what single-seed gains
are worth, and the remedy: many seeds, a test paired by question, correction over candidates.
Changed: on our own runs, which are small networks that learnt sums, with held-out pairs of numbers as questions, drawn anew 400
times; the candidates are the model itself, so that every gain is a false one, or the model at a lower temperature, which is truly
better. Left out: prompts, token limits, hardware, answer parsers; whether reinforcement or imitation generalises.
Found: all but one claim. On 30 questions pass@1 varies by 7 points, and of five candidates that are the model itself the best gains five
points in 65 of 100 trials; on 500 in 10 of 100, so near the tenth asked about that 24 networks leave it undecided. The paired test errs
in 4 of 100 (asked as fewer than 7).
"""

from heldout import Budget, Measure, Paper, Probe, Study, all_of, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.mlp import MLP
from heldout.probes.score import score as scored
from heldout.tasks.language.sampled_sums import SampledSums
from heldout.tasks.language.sober import sober

sums = SampledSums(40, 0.67, label="sums below 40")
net = Supervised(MLP(128), 1500, optimiser=AdamW(1e-2, schedule="cosine"), label="MLP")


def of(name: str) -> Measure:
    """One number of the probe, for every trained network."""
    return score(sums, net, "iid", probe=f"sober.{name}")


NAMES = ("spread", "pair", "best", "holm", "misordered", "found")

study = Study(
    paper=Paper(
        "sober-eval",
        title="A Sober Look at Progress in Language Model Reasoning: Pitfalls and Paths to Reproducibility",
        year=2025,
        authors="Hochlehnert, Bhatnagar, Udandarao, Albanie, Prabhu, Bethge",
        arxiv="2504.07086",
        published={"on 30 questions pass@1 varies over seeds by 5 to 15 points": "5 to 15 points"},
    ),
    tasks=(sums,),
    learners=(net,),
    claims={
        "on 30 questions pass@1 varies over seeds by 5 to 15 points": all_of(
            of("spread_30") > 0.05, of("spread_30") < 0.15
        ),
        "on 500 questions by less than 5": of("spread_500") < 0.05,
        "one in ten candidates that are the model itself gains five points on 30 questions": of("pair_30") > 0.1,
        "and the best of five does more often than not": of("best_30") > 0.5,
        "on 500 questions the best of five seldom does": of("best_500") < 0.1,
        "a paired test on 20 seeds with Holm finds such a gain no more often than it says: 30 questions": (
            of("holm_30") < 0.07
        ),
        "the same with 500": of("holm_500") < 0.07,
        "a model that is truly better fails to come out ahead on 30 questions once in ten or more": (
            of("misordered_30") > 0.1
        ),
        "the paired test finds it more often on 500 questions than on 30": of("found_500") > of("found_30"),
    },
    probes=(Probe(scored, on=("train", "iid"), n=528), Probe(sober, on=("iid",), n=528)),
    budget=Budget(seeds=24, minutes=4),
    measures={
        "gain": of("gain"),
        **{f"{name}, {size} questions": of(f"{name}_{size}") for name in NAMES for size in (30, 500)},
    },
)
