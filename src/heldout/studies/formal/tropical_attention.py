"""Tropical Attention: Neural Algorithmic Reasoning for Combinatorial Algorithms (Hashemi et al., 2025).

Kept: attention in the max-plus algebra (log(1 + relu), max-plus maps per head, scores from the projective distance, the largest
value plus score, exp - 1, a linear map) in one block of a transformer without positions, beside softmax and softmax of adaptive
temperature; combinatorial problems whose answer is a mask of items; training on 8 items with numbers up to 10; longer inputs,
larger numbers, and disturbed numbers (by 10 to 30, as in the published code, the answer staying that of the true ones); F1.
Changed: 3 of 11 problems; networks of 16 units with 2 heads instead of 64, 2,000 batches of 32 instead of 100 epochs of 100,000
instances, and for that a learning rate of 0.005 that falls to 0; F1 is taken instance by instance, equal items being
interchangeable; the numbers of quickselect are not rescaled to [0, 1], so that larger ones are a shift; its k may be any.
Left out: the other problems, regression, timing, recurrent models, adversarial gradients (the paper's "adversarial" split is the
random disturbance above).
The claims were written after several pilots with two other seeds (300 to 2,000 updates, 32 and 16 units; two of the problems,
tropical and softmax; the fractional knapsack was never tried). In the last ones tropical attention learnt
quickselect less well (0.48 against 0.69), the knapsack as well (0.85, 0.86), and was ahead there with longer inputs (0.68, 0.64)
and larger numbers (0.78, 0.76), behind with disturbed ones (0.29, 0.68). Minimum coin change was dropped since neither learnt it.
Found: no claim is decided, since each needs two problems of three. On quickselect tropical attention is behind on all three axes
(refuted, by 0.12 to 0.20), where it also learns less well (0.56 against 0.81); on the two knapsacks it learns nearly as well (0.85
against 0.86, 0.90 against 0.93) and is ahead by 0.02 to 0.05 with longer inputs and larger numbers, of which only one comparison is
decided: the knapsack with longer inputs, against adaptive softmax. With disturbed numbers it is behind on the knapsack (by 0.10).
"""

from heldout import Budget, Claim, Paper, Probe, Study, all_of, at_least, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.tropical import Kind, SetTransformer
from heldout.probes.score import score as asked
from heldout.tasks.formal.fractional_knapsack import FractionalKnapsack
from heldout.tasks.formal.knapsack import Knapsack
from heldout.tasks.formal.quickselect import Quickselect
from heldout.tasks.formal.selection import Selection

BEYOND = 0.1
"""How far above taking every item an attention must be on new instances of the training kind to have learnt a problem."""

tasks = tuple(made(8, (32,), (4,), (0.3,)) for made in (Quickselect, Knapsack, FractionalKnapsack))


def learner(kind: Kind) -> Supervised:
    """One block with this attention."""
    return Supervised(SetTransformer(kind, 16), 2000, 32, AdamW(5e-3, 0.0, schedule="cosine", clip=1.0), label=kind)


tropical, softmax, adaptive = (learner(kind) for kind in ("tropical", "softmax", "adaptive softmax"))


def ahead(axis: str, other: Supervised) -> Claim:
    """That tropical attention is ahead of another on most of the problems that both have learnt."""
    return at_least(2, *(_ahead(task, axis, other) for task in tasks))


def _ahead(task: Selection, axis: str, other: Supervised) -> Claim:
    learnt = all_of(*(score(task, one) > task.chance + BEYOND for one in (tropical, other)))
    return (score(task, tropical, axis) > score(task, other, axis)).given(learnt)


study = Study(
    paper=Paper(
        "tropical-attention",
        title="Tropical Attention: Neural Algorithmic Reasoning for Combinatorial Algorithms",
        year=2025,
        authors="Baran Hashemi, Kurt Pasque, Chris Teska and Ruriko Yoshida",
        arxiv="2505.17190",
        published={
            "ahead of softmax with longer inputs": "stronger out-of-distribution generalization in length (abstract)",
            "ahead of softmax with larger numbers": "stronger out-of-distribution generalization in value (abstract)",
            "ahead of softmax with disturbed numbers": "high robustness against perturbative noise (abstract)",
        },
    ),
    tasks=tasks,
    learners=(tropical, softmax, adaptive),
    claims={
        "ahead of softmax with longer inputs": ahead("length", softmax),
        "ahead of softmax with larger numbers": ahead("value", softmax),
        "ahead of softmax with disturbed numbers": ahead("noise", softmax),
        "ahead of adaptive softmax with longer inputs": ahead("length", adaptive),
    },
    probes=(Probe(asked, on=("iid", "*"), n=64),),
    budget=Budget(seeds=16, minutes=10),
)
