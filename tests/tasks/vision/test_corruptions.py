"""What holds for all corruptions."""

import numpy as np
import pytest

from heldout.tasks.vision.corruptions import FAMILIES, SEVERITIES, VALIDATION, corrupt
from heldout.tasks.vision.handwriting import handwriting

KINDS = [(family, kind) for family, kinds in FAMILIES + VALIDATION for kind in kinds]
FIFTEEN = [(family, kind) for family, kinds in FAMILIES for kind in kinds]


def images(name):
    return handwriting(name)[0][::90][:20] / 255.0


def test_there_are_fifteen():
    assert len(FIFTEEN) == 15
    assert len(set(KINDS)) == 19


@pytest.mark.parametrize(("family", "kind"), KINDS)
def test_shape_range_and_determinism(family, kind):
    for clean in (images("digits"), images("mnist"), np.random.default_rng(0).random((4, 32, 32, 3))):
        before = clean.copy()
        for severity in (1, 5):
            one, two = (corrupt(clean, family, kind, severity, np.random.default_rng(1)) for _ in range(2))
            assert one.shape == clean.shape
            assert np.array_equal(one, two)
            assert one.min() >= 0
            assert one.max() <= 1
        assert np.array_equal(clean, before)


UNEVEN = ("elastic transform", "snow", "glass blur", "fog")
"""Types whose levels differ in kind as well as in strength, as published."""


@pytest.mark.parametrize(("family", "kind"), [k for k in FIFTEEN if k[1] not in UNEVEN])
def test_severity_is_monotone(family, kind):
    clean = images("mnist")
    moved = [np.abs(corrupt(clean, family, kind, s, np.random.default_rng(1)) - clean).mean() for s in SEVERITIES]
    assert all(np.diff(moved) > 0), moved


@pytest.mark.parametrize("kind", UNEVEN)
def test_the_last_severity_is_not_nothing(kind):
    family = {k: f for f, k in FIFTEEN}[kind]
    clean = images("mnist")
    assert np.abs(corrupt(clean, family, kind, 5, np.random.default_rng(1)) - clean).mean() > 0.02
