import numpy as np
import pytest

from heldout.core.seeds import words
from heldout.models import upscaling as models
from heldout.tasks.estimation.upscaling import Upscaling

KEY = words("test")


def test_the_top_decade_is_hidden_or_a_family():
    task = Upscaling()
    iid, half, family = task.splits
    for split, width in ((iid, 1.0), (half, 0.5)):
        known = task.observe(split, KEY)
        assert np.log10(known.asked.max() / known.compute.max()) >= width - 1e-9
        assert set(known.asked_family) <= set(range(6))
        assert len(known.compute) + len(known.asked) == 36
    known = task.observe(family, KEY)
    assert len(known.asked) == 6
    assert (known.asked_family == -1).all()


def test_scores_are_shares_above_chance_on_average():
    known = Upscaling().observe(Upscaling().splits[0], KEY)
    assert known.scores.shape == (len(known.compute), 30)
    assert known.scores.min() >= 0
    assert known.scores.max() <= 1
    assert (known.scores.mean(0) > known.chance - 0.05).all()


def test_a_perfect_forecast_scores_1_and_grading_is_the_mean_absolute_error():
    for question in ("aggregate", "single"):
        task = Upscaling(question)
        split = task.splits[0]
        hidden = task.truth(split, KEY.split(0))
        assert task.trials(lambda *_, h=hidden: h, split, KEY, 1).score[0] == 1
        off = task.trials(lambda *_, h=hidden: h + 0.1, split, KEY, 1).score[0]
        assert off == pytest.approx(0.9)


def test_every_forecast_is_a_table_of_shares_and_sigmoids_agree_with_single_fits():
    from heldout.stats.forecasts.points import points
    from heldout.stats.forecasts.sigmoid import Sigmoid

    known = Upscaling().observe(Upscaling().splits[0], KEY)
    for model in (models.sigmoid, models.line, models.last, models.mean, models.families):
        found = model(known, KEY)
        assert found.shape == (len(known.asked), 30)
        assert found.min() >= 0
        assert found.max() <= 1
    j = int(known.scores.std(0).argmax())
    alone = Sigmoid(float(known.chance[j])).fitted(
        points(known.compute, known.scores[:, j]), 0, np.random.default_rng(0)
    )
    assert np.abs(models.sigmoid(known, KEY)[:, j] - alone.at(known.asked)).max() < 0.1


def test_last_and_mean_are_what_they_say():
    known = Upscaling().observe(Upscaling().splits[0], KEY)
    assert (models.last(known, KEY) == known.scores[known.compute.argmax()]).all()
    assert models.mean(known, KEY)[0] == pytest.approx(known.scores.mean(0))
