import jax
import numpy as np
import pytest

from heldout.claims import least
from heldout.core import TRAIN, Snapshot
from heldout.learners.domains.gradient_matching import inner_product
from heldout.studies.vision.fish import DOMAINS, INNER, agreement, digits, erm, fish, matching, study


def test_fish_and_erm_go_equally_far_to_first_order():
    """A tour takes a step of the inner rate on each domain; ERM's step is on the mean over domains."""
    assert fish.optimiser.rate * DOMAINS * fish.rate == pytest.approx(erm.optimiser.rate)
    assert erm.batch == fish.batch * DOMAINS


def test_gradient_matching_has_fishs_second_order_term():
    """Per update: rate * sum of losses - rate^2 / 2 * sum over pairs; as a multiple of the mean loss less the mean pair."""
    pairs = DOMAINS * (DOMAINS - 1) / 2
    assert matching.weight == pytest.approx(INNER**2 / 2 * pairs / (INNER * DOMAINS))


def test_the_mean_inner_product_is_that_over_all_pairs():
    rows = np.random.default_rng(0).normal(size=(4, 7))
    by_hand = np.mean([rows[i] @ rows[j] for i in range(4) for j in range(4) if i != j])
    assert inner_product(jax.numpy.asarray(rows)) == pytest.approx(by_hand, rel=1e-4)


def test_agreement_is_a_cosine():
    model = erm.architecture.build(jax.random.key(0), digits.inputs, digits.outputs)
    found = jax.jit(lambda: agreement(Snapshot(digits, erm, None, model, 0), TRAIN, jax.random.key(1), 8))()
    assert -1 <= float(found["cosine"]) <= 1


def test_every_claim_could_be_decided_within_the_budget():
    for name in study.claims:
        assert least(study.claims, name, study.budget) is not None
