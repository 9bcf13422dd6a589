import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import integrated as module
from heldout.stats.abilities.integrated import Population, integrated
from heldout.stats.abilities.logistic import fit
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import responses


def test_few_systems_are_covered_where_a_joint_mode_does_not(simulate):
    held, spread, joint = [], [], []
    for seed in range(25):
        drawn = simulate(6, 150, seed=seed)
        data = responses(drawn.outcomes)
        found, error = integrated(data)
        truth = drawn.ability - drawn.ability.mean()
        held.append(np.abs(found.ability - truth) < 1.96 * error.ability)
        spread.append(found.ability @ truth / (truth @ truth))
        joint.append(fit(data).ability @ truth / (truth @ truth))
    assert 0.88 < np.mean(held) <= 1
    assert abs(np.mean(spread) - 1) < 0.1 < np.mean(joint) - 1


def test_the_posterior_of_an_item_is_that_of_brute_force(simulate):
    """Posterior means on the grid against the same integral on a much finer one."""
    drawn = simulate(8, 40, seed=3)
    data, prior, people = responses(drawn.outcomes), Prior(), Population(0.1, 1.2)
    ability = drawn.ability - drawn.ability.mean()
    items, error = module._summary(data, ability, module._grid(people, "2pl", prior), prior, people)
    logs, places = np.meshgrid(np.linspace(-2.5, 2.5, 301), np.linspace(-7, 7, 601), indexing="ij")
    eta = np.exp(logs)[..., None] * (ability - places[..., None])
    for item in range(3):
        level = (drawn.outcomes[:, item] * eta - np.logaddexp(0, eta)).sum(axis=-1)
        level -= 2 * logs**2 + (places - 0.1) ** 2 / (2 * 1.2**2)
        likely = np.exp(level - level.max())
        likely /= likely.sum()
        mean = (likely * places).sum()
        assert items.difficulty[item] == pytest.approx(mean, abs=2e-2)
        assert error.difficulty[item] == pytest.approx(np.sqrt((likely * (places - mean) ** 2).sum()), rel=0.03)
        assert np.log(items.slope[item]) == pytest.approx((likely * logs).sum(), abs=1e-2)


def test_one_parameter_items_keep_slopes_of_one(simulate):
    found, _ = integrated(responses(simulate(5, 100, slopes=0).outcomes), "1pl")
    assert np.allclose(found.items.slope, 1)


def test_missing_cells_and_items_all_solve(simulate):
    outcomes = simulate(6, 80, seed=5).outcomes
    outcomes[np.random.default_rng(1).random(outcomes.shape) < 0.2] = np.nan
    outcomes[:, 0] = 1
    found, error = integrated(responses(outcomes))
    assert np.isfinite(found.ability).all()
    assert np.isfinite(error.ability).all()
    assert "solved by all systems or by none" in found.warnings[0]


@pytest.mark.parametrize(
    ("shape", "model", "said"),
    [((61, 300), "2pl", "beyond 60"), ((5, 6), "2pl", "too few to integrate"), ((5, 60), "3pl", "fit 3pl jointly")],
)
def test_what_it_is_not_for(shape, model, said):
    with pytest.raises(HeldoutError, match=said):
        integrated(responses(np.eye(*shape)), model)
