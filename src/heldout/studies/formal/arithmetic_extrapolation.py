"""Measuring Arithmetic Extrapolation Performance (Madsen and Johansen, 2019).

Kept: two overlapping subsets of the inputs are summed and the sums joined by one operation; numbers from 1 to 2 to learn from,
from 2 to 6 to be tested on; success = the mean squared error there lies below that of the exact solution with weights wrong by
epsilon; the success rate over seeds; NAC+, NAC* and NALU in two layers, started as published.
Changed: 10 inputs instead of 100; 30,000 updates of batch 64 instead of 5,000,000 of 128, and for that a learning rate of 0.02
that falls to 0, where the paper has a constant 0.001; epsilon is 1e-3 instead of 1e-5, which weights made of tanh and sigmoid
would take far longer to reach; the model after the last update counts instead of the best on validation data; the summed inputs
are the same in every run.
Left out: subtraction and division (`SingleNumber` has them), linear and ReLU layers, NAU and NMU (in `NeuralArithmetic`, and
later than the paper), further ranges, sizes and overlaps, the time of convergence, the sparsity error.
Single pilots of 8 other seeds and 20,000 updates, before the claims were written: NAC+ adds in 8 of 8, NALU in 1 of 8; NAC*
and NALU multiply in 0 of 8.
Found: as published, at rates near the paper's: NAC+ adds in 24 of 24 runs, NAC* multiplies in 6 of 32 (paper 31%), NALU adds in 2 of
12 (14%) and multiplies in none (0%).
"""

from heldout import Budget, Measure, Paper, Probe, Study, log_spaced, mean, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.neural_arithmetic import NeuralArithmetic
from heldout.probes.score import score as scored
from heldout.tasks.formal.single_number import RANGE, SingleNumber

STEPS = 30_000

add, multiply = (SingleNumber(o, size=10, epsilon=1e-3, label=n) for o, n in (("+", "add"), ("*", "multiply")))
rate = AdamW(2e-2, 0.0, schedule="cosine")
nac_add = Supervised(NeuralArithmetic("NAC+"), STEPS, 64, rate)
nac_multiply = Supervised(NeuralArithmetic("NAC*"), STEPS, 64, rate)
nalu = Supervised(NeuralArithmetic("NALU"), STEPS, 64, rate)


def success(task: SingleNumber, learner: Supervised) -> Measure:
    """1 where a run extrapolates, else 0."""
    return score(task, learner, RANGE)


study = Study(
    paper=Paper(
        "arithmetic-extrapolation",
        title="Measuring Arithmetic Extrapolation Performance",
        year=2019,
        authors="Andreas Madsen and Alexander Rosenberg Johansen",
        arxiv="1910.01888",
        published={
            "addition succeeds more often than multiplication": "NAC+ adds in 100% of 100 runs, NAC* multiplies in 31%",
            "NALU adds less often than NAC+": "14% against 100% of 100 runs",
            "NALU multiplies less often than NAC*": "0% against 31% of 100 runs",
        },
    ),
    tasks=(add, multiply),
    learners=(nac_add, nac_multiply, nalu),
    claims={
        "addition succeeds more often than multiplication": success(add, nac_add) > success(multiply, nac_multiply),
        "NALU adds less often than NAC+": success(add, nac_add) > success(add, nalu),
        "NALU multiplies less often than NAC*": success(multiply, nac_multiply) > success(multiply, nalu),
        "NAC+ adds in more than four runs of five": mean(success(add, nac_add)) > 0.8,
        "NAC* multiplies in fewer than half of the runs": mean(success(multiply, nac_multiply)) < 0.5,
    },
    probes=(Probe(scored, on=("iid", RANGE), at=log_spaced(1000, STEPS, 12), n=1),),
    budget=Budget(seeds=48, minutes=10),
    measures={
        f"success, {x.name}, {t.name}": success(t, x) for t in (add, multiply) for x in (nac_add, nac_multiply, nalu)
    },
)
