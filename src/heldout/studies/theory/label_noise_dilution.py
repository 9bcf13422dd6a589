"""Deep Learning is Robust to Massive Label Noise (Rolnick, Veit, Belongie and Shavit, 2017).

Kept: dilution, ten labels drawn at random beside every true one; random labels that favour one similar digit, while the true
one stays the most frequent; a linear model, a perceptron and a convolutional network; how many clean examples are there, and the
size of batches, which noise makes smaller in effect.
Changed: real handwritten digits (8x8) and their warped copies take the place of MNIST, CIFAR-10 and ImageNet, and ten noisy labels
that of a hundred: 20,000 digits for the 60,000 there. Noise is favoured by three quarters of one label for each digit, where the
paper varies how much. All learners train for a set number of updates at a rate that falls to zero.
Left out: residual networks, images of nothing that is asked about, the search for the best rate, the least number of clean
examples at each level of noise (two numbers of them stand for it here).
The claims were written after one other seed had been tried. There, with even noise and 20,000 to 30,000 digits, the networks gave
0.83 to 0.95 (more updates, more), the linear model 0.66 to 0.83; with 1,400 digits 0.77 to 0.85, without noise 0.97 to 0.995;
batches of 64 gave 0.82 where those of 256 gave 0.90. Noise that favours a digit by half of a label for each cost half a point and seven.
Found: four of six claims. The convolutional network is right about 91.5% after ten noisy labels for each true one (97% without). Where
noise favours a similar digit it is right about 76%, so that "holds across patterns" is refuted, for noise as strong as this: each
image bears the true label 1.93 times on average and the favoured one 1.68 times, which leaves a quarter of the lead that even noise
leaves. All learners lose there (13 to 19 points). With noise 20,000 digits are worth 8.9 points more than 1,400; without it warped
copies even cost 1.5, which is part of that difference. Larger batches add 8.6 points with noise and 0.6 without; but they also see
four times as many examples in as many updates, and with 1,400 digits under noise, where to see more is to learn wrong labels
by heart, those of 64 give more (87.6% against 81.5%). Whether the convolutional network stands noise better than the perceptron
(91.5% and 90.2%) is open; the linear model gets 85.0%.
"""

from heldout import Budget, Paper, Probe, Study, ordered, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.cnn import CNN
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.probes.score import score as scored
from heldout.tasks.vision.diluted_digits import HELD_OUT, DilutedDigits

NOISY, MANY, FEW = 10, 20_000, 1_400

few, few_noisy = DilutedDigits(0, FEW), DilutedDigits(NOISY, FEW)
many, noisy = DilutedDigits(0, MANY), DilutedDigits(NOISY, MANY)
biased = DilutedDigits(NOISY, MANY, "structured", bias=0.75)

rate = AdamW(2e-3, schedule="cosine")
cnn = Supervised(CNN((8,), (1,)), 1200, 256, rate, label="CNN")
mlp = Supervised(MLP(64), 2000, 256, rate, label="MLP")
small = Supervised(MLP(64), 2000, 64, rate, label="MLP, batches of 64")
linear = Supervised(Linear(), 2000, 256, AdamW(5e-3, schedule="cosine"), label="linear")

worth_of_examples = {
    with_noise: score(large, mlp, "iid") - score(little, mlp, "iid")
    for with_noise, large, little in ((True, noisy, few_noisy), (False, many, few))
}
worth_of_batches = {
    with_noise: score(task, mlp, "iid") - score(task, small, "iid")
    for with_noise, task in ((True, noisy), (False, many))
}

study = Study(
    paper=Paper(
        "label-noise-dilution",
        title="Deep Learning is Robust to Massive Label Noise",
        year=2017,
        authors="David Rolnick, Andreas Veit, Serge Belongie and Nir Shavit",
        arxiv="1705.10694",
        published={
            "nine in ten are right with ten noisy labels beside each true one": (
                "above 90% on MNIST after each clean example has been diluted with 100 randomly labelled ones"
            ),
            "and where wrong labels favour a similar digit": (
                "such behaviour holds across multiple patterns of label noise, even when erroneous labels are biased towards "
                "confusing classes"
            ),
            "clean examples are worth more under noise": (
                "training in this regime requires a significant but manageable increase in dataset size that is related to "
                "the factor by which correct labels have been diluted"
            ),
            "a larger batch is worth more under noise": "increasing noise decreases the effective batch size",
        },
    ),
    tasks=(few, few_noisy, many, noisy, biased),
    learners=(cnn, mlp, small, linear),
    claims={
        "nine in ten are right with ten noisy labels beside each true one": (
            (score(noisy, cnn, "iid") > 0.9).given(score(many, cnn, "iid") > 0.95)
        ),
        "and where wrong labels favour a similar digit": (
            (score(biased, cnn, "iid") > 0.9).given(score(many, cnn, "iid") > 0.95)
        ),
        "noise that favours a digit hurts more than even noise": score(noisy, cnn, "iid") > score(biased, cnn, "iid"),
        "clean examples are worth more under noise": worth_of_examples[True] > worth_of_examples[False],
        "a larger batch is worth more under noise": worth_of_batches[True] > worth_of_batches[False],
        "a convolutional network stands noise better than a perceptron, and this better than a linear model": ordered(
            *(score(noisy, one, "iid") for one in (cnn, mlp, linear))
        ),
    },
    probes=(Probe(scored, n=HELD_OUT),),
    budget=Budget(seeds=16, minutes=6),
    measures={
        "accuracy that noise costs more where it favours a digit": score(noisy, cnn, "iid") - score(biased, cnn, "iid"),
        "accuracy that 20,000 digits add to 1,400, with noise": worth_of_examples[True],
        "accuracy that 20,000 digits add to 1,400, without": worth_of_examples[False],
        "accuracy that batches of 256 add to those of 64, with noise": worth_of_batches[True],
        "accuracy that batches of 256 add to those of 64, without": worth_of_batches[False],
    },
)
