"""Deeper, Broader and Artier Domain Generalization (Li et al., 2017): PACS.

Kept: the same classes as photographs, paintings, cartoons and sketches, no image in two styles; training on three, asking about the
fourth, for each of the four; a network whose weights are contracted with a code of the domain and have a low rank (Tucker), asked with
the bit that all domains share; the same without low rank (undo bias); pooled training; the drop from known styles to the unseen one.
Changed: ten classes of real handwritten digits, drawn in styles by a program, 1,100 in each, 16x16 pixels, take the place of objects
in 9,991 found images; a convolutional network of two layers, not pretrained, that of AlexNet; a kernel is a matrix of channels by
channels and pixels, so that its tensor has three sides, not five; ranks are at most 2, 16 and 16, where the paper takes
those that keep a share of the pretrained weights. Batches have equally many digits of every style for all methods: pooled training is
group DRO with weights that never move.
Left out: VLCS, and so the drop on photographs, of which the paper's figure is the bound of a claim; shallow methods, D-MTAE and
DSN; the divergence of features as a measure of shift; single sources.
The claims were written after pooled training had been tried on one or three seeds with other networks, digits and drawings (of known
styles 0.86 right, of sketches 0.85 in the last; photographs 0.71 before), and the other two for 50 updates on sketches (0.36 and 0.22 of
known styles, 0.45 and 0.19 of sketches). That sketches are hardest was known to be unlikely: cartoons have outlines as well.
Found: two of five claims; two are refuted and one is void. Pooled training has 84% right in known styles and 71% in the unseen one
(sketches 82%, photographs 78%, cartoons 68%, paintings 54%), so that a style costs 13 points. The low-rank network is behind it by
6 points on unseen styles (65%) and 5 on known ones. Undo bias without low rank is right about half of the digits in known styles (31%
unseen) when it is asked without a style's bit. We believe the refutation for trainings like this one: Adam's steps are as long for a
style's own weights as for shared ones, so that much of what is learnt sits where the network that answers does not have it; the paper
starts from a pretrained network (that this is the reason was not tested). The order of styles is that of our drawings.
"""

import numpy as np

from heldout import Budget, Claim, Measure, Paper, Probe, Study, all_of, score
from heldout.core.expression import Applied
from heldout.learners.domains.coded import Coded
from heldout.learners.domains.group_dro import GroupDRO
from heldout.learners.optimiser import AdamW
from heldout.models.cnn import CNN
from heldout.probes.score import score as asked
from heldout.tasks.vision.styles import PACS, Styles

STEPS, EACH = 800, 16
"""Updates; digits of each style in one."""

known = {style: Styles(style, data="mnist") for style in PACS}
net, rate = CNN((8, 16), (2, 2)), AdamW(1e-2, schedule="cosine")

pooled = GroupDRO(net, STEPS, EACH, rate, rate=0.0, label="pooled")
undo = Coded(net, STEPS, EACH, rate, label="undo bias")
low = Coded(net, STEPS, EACH, rate, (2, 16, 16), label="low rank")


def mean(table: np.ndarray) -> np.ndarray:
    """(units,) means of rows."""
    return table.mean(0)


def fall(table: np.ndarray) -> np.ndarray:
    """(units,) differences of two rows."""
    return table[0] - table[1]


def seen(learner: Coded | GroupDRO) -> Measure:
    """Accuracy on digits not trained on in styles that are, the mean over what is left out."""
    parts = tuple(score(task, learner) for task in known.values())
    return Applied(f"known styles({learner.name})", mean, parts, (0.0, 1.0))


def unseen(learner: Coded | GroupDRO) -> Measure:
    """Accuracy in the style left out, the mean over styles."""
    parts = tuple(score(task, learner, style) for style, task in known.items())
    return Applied(f"unseen styles({learner.name})", mean, parts, (0.0, 1.0))


def fits(learner: Coded | GroupDRO) -> Claim:
    """The condition that the learner tells digits in styles that it knows."""
    return seen(learner) > 0.7


drop = Applied("drop(pooled)", fall, (seen(pooled), unseen(pooled)), (-1.0, 1.0))

study = Study(
    paper=Paper(
        "pacs",
        title="Deeper, Broader and Artier Domain Generalization",
        year=2017,
        authors="Da Li, Yongxin Yang, Yi-Zhe Song and Timothy M. Hospedales",
        arxiv="1710.03077",
        published={
            "low rank is more often right than pooled training on unseen styles": "69.2% on average over the four styles",
            "an unseen style costs more than the ten points of photographs": (
                "20.2 points on PACS, 10.0 on VLCS, on average over sources and targets"
            ),
            "sketches are the hardest to get right unseen": "57.5%, the lowest of four",
        },
    ),
    tasks=tuple(known.values()),
    learners=(pooled, undo, low),
    claims={
        "low rank is more often right than pooled training on unseen styles": (
            (unseen(low) > unseen(pooled)).given(fits(low)).given(fits(pooled))
        ),
        "and than undo bias without low rank": (unseen(low) > unseen(undo)).given(fits(low)).given(fits(undo)),
        "pooled training is a strong baseline: more than half right in each style unseen": all_of(
            *(score(task, pooled, style) > 0.5 for style, task in known.items())
        ),
        "an unseen style costs more than the ten points of photographs": (drop > 0.1).given(fits(pooled)),
        "sketches are the hardest to get right unseen": all_of(
            *(score(known["sketch"], pooled, "sketch") < score(known[s], pooled, s) for s in PACS if s != "sketch")
        ).given(fits(pooled)),
    },
    probes=(Probe(asked, on=("iid", "*"), n=600),),
    budget=Budget(seeds=12, minutes=10),
    measures={
        "drop from known styles to the unseen one, pooled": drop,
        **{f"{style} unseen, pooled": score(task, pooled, style) for style, task in known.items()},
        **{f"unseen styles, {one.name}": unseen(one) for one in (pooled, undo, low)},
    },
)
