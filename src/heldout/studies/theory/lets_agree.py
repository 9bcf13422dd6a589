"""Let's Agree to Agree: Neural Networks Share Classification Order on Real Datasets (Hacohen, Choshen and Weinshall, 2020).

Kept: networks trained side by side, of each of which it is known which examples it has right when; the share of networks that
are right about an example, and how far these shares fall into two heaps (Pearson's coefficient, which for networks that are right
independently of each other is 2 - 2/k, whatever their accuracy); accessibility scores and their correlation between networks of
one architecture and of two; random labels as the control.
Changed: 300 real handwritten digits (8x8) take the place of image benchmarks; a perceptron, a small convolutional network and a
linear model that of deep ones. Networks are compared in blocks of four, the shares at the step where half of the answers are
right, the accessibility over eight steps spread in the logarithm. Networks whose accessibility is correlated share neither first
weights nor batches, whether of one architecture or of two. Each task draws the same wrong labels in every run.
Left out: other learners (boosting, support vectors), text, synthetic images without an order; that a stronger network knows all
that a weaker one knows.
The claims were written after one other seed of each learner had been tried for its accuracy alone, to choose the steps.
Found: one of seven claims; three are refuted, three open. Networks agree more than if they were right independently (1.13 and 1.12,
where that gives 1.5), and orders correlate between architectures, all intervals far above 0, but below the 0.5 that was claimed: 0.42 on
average on examples trained on, 0.47 on others; within one architecture 0.43, with the linear model 0.35. Random labels, which
should have broken this up, gave more of both: a bimodality of 0.68 and a correlation of 0.55. Two reasons may lie in our scale. Half
of the true labels are known after some 16 updates, in which an example is seen less than twice, so that chance decides and
only two or three recorded steps tell examples apart; random labels take hundreds. And random labels are the same in all runs:
an image whose neighbours bear other labels is hard for every network. So the reversal says little against the paper.
"""

from heldout import Budget, Paper, Probe, Study, all_of, log_spaced, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.measures.agreement import bimodality, independent, shared_order
from heldout.models.cnn import CNN
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.probes.score import score as scored
from heldout.tasks.vision.randomised_digits import RandomisedDigits

STEPS, BLOCK, TRAINED_ON, HELD_OUT = 1200, 4, 300, 397

true, random = RandomisedDigits(examples=TRAINED_ON), RandomisedDigits(1.0, examples=TRAINED_ON)
mlp = Supervised(MLP(64), STEPS, 32, AdamW(2e-3, 0.0), label="MLP")
cnn = Supervised(CNN((8,), (1,)), STEPS, 32, AdamW(2e-3, 0.0), label="CNN")
linear = Supervised(Linear(), STEPS, 32, AdamW(5e-3, 0.0), label="linear")

fits = score(true, mlp, "train") > 0.95
fits_both = all_of(fits, score(true, cnn, "train") > 0.95)
by_heart = all_of(fits, score(random, mlp, "train") > 0.95)

study = Study(
    paper=Paper(
        "lets-agree",
        title="Let's Agree to Agree: Neural Networks Share Classification Order on Real Datasets",
        year=2020,
        authors="Guy Hacohen, Leshem Choshen and Daphna Weinshall",
        arxiv="1905.10854",
        published={
            "two architectures find the same examples easy": (
                "models of different architectures start by learning the same examples, after which the more powerful model may "
                "continue to learn additional ones"
            ),
            "and the same among examples that they were not trained on": (
                "deep networks learn the examples in both the training and test sets in a similar order"
            ),
            "one architecture shares more of its order with itself than with another": (
                "the phenomenon is strongest for models of the same architecture"
            ),
        },
    ),
    tasks=(true, random),
    learners=(mlp, cnn, linear),
    claims={
        "two architectures find the same examples easy": (shared_order(true, mlp, cnn) > 0.5).given(fits_both),
        "and the same among examples that they were not trained on": (
            (shared_order(true, mlp, cnn, "iid") > 0.5).given(fits_both)
        ),
        "networks agree more than if they were right independently": all_of(
            *(bimodality(true, one, block=BLOCK) < independent(BLOCK) for one in (mlp, cnn))
        ),
        "with random labels they agree less": (bimodality(random, mlp) > bimodality(true, mlp)).given(by_heart),
        "and share less of an order": (shared_order(true, mlp, mlp) > shared_order(random, mlp, mlp)).given(by_heart),
        "one architecture shares more of its order with itself than with another": (
            (shared_order(true, mlp, mlp) > shared_order(true, mlp, cnn)).given(fits_both)
        ),
        "a linear model shares less of the order": (
            (shared_order(true, mlp, cnn) > shared_order(true, mlp, linear)).given(fits_both)
        ),
    },
    probes=(Probe(scored, on=("train", "iid"), at=log_spaced(8, STEPS, 8), n=HELD_OUT, items=True),),
    budget=Budget(seeds=64, minutes=6),
    measures={
        **{f"bimodality, {one.name}, true labels": bimodality(true, one) for one in (mlp, cnn, linear)},
        "bimodality, MLP, random labels": bimodality(random, mlp),
        **{
            f"shared order, MLP and {one.name}, {task.name}, {where}": shared_order(task, mlp, one, where)
            for task, one, where in (
                (true, mlp, "train"),
                (true, cnn, "train"),
                (true, linear, "train"),
                (true, cnn, "iid"),
                (true, linear, "iid"),
                (random, mlp, "train"),
            )
        },
    },
)
