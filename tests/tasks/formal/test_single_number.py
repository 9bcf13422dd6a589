import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.single_number import OPERATIONS, SingleNumber, exact, threshold

KEY = jax.random.key(0)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_targets_are_the_operation_on_the_two_sums(operation):
    task = SingleNumber(operation, size=12)
    for split in task.splits if operation == "*" else task.splits[-1:]:
        low, high = task.range_of(split)
        batch = jax.jit(lambda key, split=split: task.draw(split, key, 40))(KEY)
        x = np.asarray(batch.inputs, float)
        assert low <= x.min() < x.max() <= high
        a, b = x[:, 0:3].sum(1), x[:, 2:5].sum(1)  # a quarter of 12, sharing half of 3, rounded down
        wanted = {"+": a + b, "-": a - b, "*": a * b, "/": a / b}[operation]
        assert np.allclose(batch.targets[:, 0], wanted, rtol=1e-5, atol=1e-5)


def test_the_subsets_are_those_of_the_published_defaults():
    task = SingleNumber()
    assert (task.size, task.summed, task.used) == (100, 25, 38)
    assert task.weights.sum(0).tolist() == [25, 25]
    assert (task.weights.sum(1) == 2).sum() == 12


@pytest.mark.parametrize("operation", ["+", "-"])
def test_the_threshold_of_a_sum_is_that_of_its_closed_form(operation):
    task = SingleNumber(operation)
    off = task.epsilon * (1 - 2 * task.weights.astype(float))  # towards the other of 0 and 1
    weights = off[:, 0] + (off[:, 1] if operation == "+" else -off[:, 1])
    low, high = task.beyond[0]
    wanted = (weights**2).sum() * (high - low) ** 2 / 12 + (weights.sum() * (low + high) / 2) ** 2
    assert threshold(task, (low, high)) == pytest.approx(wanted, rel=0.02)


def test_the_threshold_of_a_product_is_near_the_error_of_its_first_order():
    task = SingleNumber("*", size=10)
    x = np.random.default_rng(5).uniform(2, 6, (200_000, 10))
    sums, off = x @ task.weights, x @ (task.epsilon * (1 - 2 * task.weights))
    wanted = np.square(sums[:, 0] * off[:, 1] + sums[:, 1] * off[:, 0]).mean()
    assert threshold(task, (2.0, 6.0)) == pytest.approx(wanted, rel=0.02)


@pytest.mark.parametrize(("share", "success"), [(0.5, 1.0), (2.0, 0.0)])
def test_a_solution_twice_as_exact_succeeds_and_one_half_as_exact_fails(share, success):
    task = SingleNumber("*", size=10, epsilon=1e-3)
    for split in task.splits:
        found = jax.jit(
            lambda key, split=split: task.trials(lambda x: exact(task, x, share * task.epsilon), split, key, 3)
        )(KEY)
        assert found.score.tolist() == [success] * 3
        assert np.allclose(found.facts["error"], share**2, rtol=0.1)


def test_a_diverged_model_fails():
    task = SingleNumber(size=10)
    found = task.trials(lambda x: x[:, :1] * np.nan, task.splits[1], KEY, 2)
    assert found.score.tolist() == [0.0, 0.0]
    batch = task.draw(task.splits[0], KEY, 5)
    assert task.grade(batch, batch.targets + 1e-6).tolist() == [1.0] * 5
    assert task.grade(batch, batch.targets + 1.0).tolist() == [0.0] * 5


def test_samples_read_as_arithmetic():
    task = SingleNumber("-", size=8, range=(-3.0, -1.0))
    for sample in task.samples(task.splits[1], KEY, 4):
        a, b = (sum(map(float, part.strip("()").split(" + "))) for part in sample.text.split(" - ("))
        assert float(sample.answer) == pytest.approx(a - b, abs=1e-3)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"operation": "^"}, "there is no operation"),
        ({"size": 3}, "two subsets of 0 must fit"),
        ({"subset": 0.8, "overlap": 0.0}, "two subsets of 80 must fit, and take 160 inputs"),
        ({"range": (2.0, 1.0)}, "from 2 to 1 is empty"),
        ({"operation": "/", "beyond": ((-1.0, 1.0),)}, "holds 0"),
        ({"epsilon": 0.0}, "give a positive epsilon"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(wrong, said):
    with pytest.raises(HeldoutError, match=said):
        SingleNumber(**wrong)
