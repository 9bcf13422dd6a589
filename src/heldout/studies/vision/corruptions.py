"""Benchmarking Neural Network Robustness to Common Corruptions and Perturbations (Hendrycks and Dietterich, 2019).

Kept: the fifteen corruption types at five severities and the ten kinds of perturbation sequence; mean corruption error and
relative mean corruption error as published; the question whether better networks are more robust ones.
Changed: real handwritten digits (8x8, and 28x28 of MNIST) take ImageNet's place; lengths are rescaled to the size of the
image; frost is grown by a procedure, not photographed; errors are normalised by the study's linear model, where the paper takes
AlexNet; sequences have 16 frames. Relative error is given at 8x8 only: on MNIST, JPEG compression and shot noise do not raise
the linear model's error, so that there is nothing to divide by. For the same reason flip probabilities are averaged as they are
(as is done for CIFAR-10-P), not divided by a reference's. Left out: top-5 distance (there are ten classes), histogram
equalisation, multiscale networks, adversarial logit pairing; AugMix (Hendrycks et al., 2020) stands for the measures that raise
robustness.
Found: all but one claim. Shifts and rotations in training do not raise robustness here: shifted between pixels, the training
images are a little blurred, and the network becomes better under blur, worse under noise and weather.
"""

import numpy as np

from heldout.core import Applied, At, Budget, Claim, Measure, Paper, Probe, Study, all_of, score
from heldout.learners.augmentation import Shift
from heldout.learners.augmix import AugMix
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.cnn import CNN
from heldout.models.linear import Linear
from heldout.models.mlp import MLP
from heldout.probes.calibration import calibration
from heldout.probes.score import score as scored
from heldout.stats.gaps.corruption import percent
from heldout.tasks.vision.corrupted import PERTURBATION, Corrupted
from heldout.tasks.vision.corruptions import FAMILIES

digits = Corrupted("digits", held_out=400)
mnist = Corrupted("mnist", held_out=1000)

rate = AdamW(3e-3, schedule="cosine")
linear = Supervised(Linear(), 3000, optimiser=rate, label="linear")
mlp = Supervised(MLP(64), 1000, optimiser=rate, label="MLP")
cnn = Supervised(CNN(), 500, optimiser=rate, label="CNN")
shifted = Supervised(CNN(), 500, optimiser=rate, augmentation=Shift(), label="CNN + shifts")
augmix = Supervised(CNN(), 500, optimiser=rate, augmentation=AugMix(), label="CNN + AugMix")


def by_type(task: Corrupted, learner: Supervised) -> tuple[Measure, ...]:
    """Accuracy on each of the fifteen types, the mean over severities."""
    return tuple(score(task, learner, At(family, group=kind)) for family, kinds in FAMILIES for kind in kinds)


def average(scores: np.ndarray) -> np.ndarray:
    """The mean over kinds, unit by unit."""
    return scores.mean(0)


def ratios(scores: np.ndarray) -> np.ndarray:
    """The mean over k kinds of 100 * (1 - score) / (1 - score of the reference): (2k, units), the reference's last."""
    ours, reference = 1.0 - scores[: len(scores) // 2], 1.0 - scores[len(scores) // 2 :]
    return percent(ours, reference)


def relative_ratios(scores: np.ndarray) -> np.ndarray:
    """The same for the score lost from the clean one, which comes first among the k scores."""
    ours, reference = scores[: len(scores) // 2], scores[len(scores) // 2 :]
    return percent(ours[0] - ours[1:], reference[0] - reference[1:])


def corrupted(task: Corrupted, learner: Supervised) -> Measure:
    """Accuracy on corrupted images, the fifteen types equally."""
    return Applied(f"corrupted({task.name}, {learner.name})", average, by_type(task, learner), (0.0, 1.0))


def corruption_error(task: Corrupted, learner: Supervised) -> Measure:
    """Mean corruption error, mCE. A ratio of sums over severities is the ratio of their means."""
    inputs = by_type(task, learner) + by_type(task, linear)
    return Applied(f"mCE({task.name}, {learner.name})", ratios, inputs)


def relative_corruption_error(task: Corrupted, learner: Supervised) -> Measure:
    """Relative mCE: the error that corruption adds, against what it adds to the reference's."""
    inputs = (score(task, learner), *by_type(task, learner), score(task, linear), *by_type(task, linear))
    return Applied(f"relative mCE({task.name}, {learner.name})", relative_ratios, inputs)


def flip_probability(task: Corrupted, learner: Supervised) -> Measure:
    """Mean flip probability, mFP, in percent."""
    return 100 - 100 * score(task, learner, PERTURBATION)


def fits(task: Corrupted, learner: Supervised) -> Claim:
    """The condition that a learner has learnt its task at all."""
    return score(task, learner, "train") > 0.9


learners = (linear, mlp, cnn, shifted, augmix)

study = Study(
    paper=Paper(
        "corruptions",
        title="Benchmarking Neural Network Robustness to Common Corruptions and Perturbations",
        year=2019,
        authors="Dan Hendrycks and Thomas Dietterich",
        arxiv="1903.12261",
        published={
            "clean error, AlexNet and ResNet-50": "43.5 and 23.9%",
            "mCE, AlexNet and ResNet-50": "100.0 and 76.7",
            "relative mCE, AlexNet to ResNet": "negligible changes",
            "mFR, AlexNet and ResNet-50": "100.0 and 58.0",
        },
    ),
    tasks=(digits, mnist),
    learners=learners,
    claims={
        "the better network has the lower clean error": all_of(
            *(score(task, cnn) > score(task, linear) for task in (digits, mnist))
        ),
        "and the lower corruption error": all_of(
            *((corruption_error(task, cnn) < 100).given(fits(task, cnn)) for task in (digits, mnist))
        ),
        "but relative corruption error barely changes": (
            relative_corruption_error(digits, cnn).near(100, 25).given(fits(digits, cnn))
        ),
        "shifts and rotations in training raise corruption robustness": (
            (corrupted(mnist, shifted) > corrupted(mnist, cnn)).given(fits(mnist, shifted))
        ),
        "AugMix raises corruption robustness": all_of(
            *((corrupted(task, augmix) > corrupted(task, cnn)).given(fits(task, augmix)) for task in (digits, mnist))
        ),
        "AugMix steadies predictions under perturbation": (
            (score(mnist, augmix, PERTURBATION) > score(mnist, cnn, PERTURBATION)).given(fits(mnist, augmix))
        ),
    },
    probes=(Probe(scored, n=250), Probe(calibration, on=("iid",), n=250)),
    budget=Budget(seeds=24, minutes=8),
    measures={
        **{f"mCE, {t.name}, {one.name}": corruption_error(t, one) for t in (digits, mnist) for one in learners},
        **{f"relative mCE, digits, {one.name}": relative_corruption_error(digits, one) for one in learners},
        **{f"mFP, {t.name}, {one.name}": flip_probability(t, one) for t in (digits, mnist) for one in learners},
    },
)
