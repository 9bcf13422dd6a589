import numpy as np

from heldout.stats.abilities import errors as module
from heldout.stats.abilities.errors import errors
from heldout.stats.abilities.logistic import fit, log_posterior
from heldout.stats.abilities.responses import responses


def test_errors_of_difficulties_and_abilities_are_the_inverse_hessian(simulate):
    """The one-parameter joint posterior, differentiated numerically, about the mean ability."""
    data = responses(simulate(5, 7, seed=1, slopes=0).outcomes)
    found = fit(data, "1pl", tolerance=1e-10)
    at = np.concatenate([found.ability, found.items.difficulty])
    centre = found.items.difficulty.mean()

    def level(x):
        eta = x[:5, None] - x[5:]
        y = data.successes.T
        prior = (x[:5] ** 2).sum() / 2 + ((x[5:] - centre) ** 2).sum() / 8
        return -(y * eta - np.logaddexp(0, eta)).sum() + prior

    step = 1e-3 * np.eye(12)
    hessian = np.array(
        [
            [(level(at + a + b) - level(at + a - b) - level(at - a + b) + level(at - a - b)) / 4e-6 for b in step]
            for a in step
        ]
    )
    whole = np.linalg.inv(hessian)[:5, :5]
    middle = np.eye(5) - 1 / 5
    assert np.allclose(errors(data, found).covariance, middle @ whole @ middle, rtol=1e-3, atol=1e-5)
    assert np.isfinite(log_posterior(data, found))


def test_intervals_cover_with_many_systems(simulate):
    held, items = [], []
    for seed in range(6):
        drawn = simulate(150, 150, seed=seed)
        data = responses(drawn.outcomes)
        found = fit(data)
        error = errors(data, found)
        held.append(np.abs(found.ability - drawn.ability + drawn.ability.mean()) < 1.96 * error.ability)
        items.append(np.abs(np.log(found.items.slope / drawn.slope)) < 1.96 * error.slope)
    # 900 abilities and 900 slopes: Monte Carlo errors of about .01, since those of one table are dependent
    assert 0.91 < np.mean(held) < 0.99
    assert 0.91 < np.mean(items) < 0.99


def test_very_many_systems_take_items_as_known(simulate, monkeypatch):
    monkeypatch.setattr(module, "MOST", 50)
    data = responses(simulate(60, 40).outcomes)
    made = errors(data, fit(data))
    assert made.covariance is None
    assert (made.ability > 0).all()


def test_guessing_has_errors_too(simulate):
    data = responses(simulate(80, 40, guessing=0.2).outcomes)
    made = errors(data, fit(data, "3pl"))
    assert np.isfinite(made.ability).all()
    assert np.isfinite(made.difficulty).all()
