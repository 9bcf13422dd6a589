import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from heldout.core.errors import HeldoutError
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.learners.ticket import Sparse, Ticket, largest
from heldout.models.lookup import Lookup
from heldout.tasks.formal.modular import Modular

KEY = jax.random.key(6)
task = Modular(7)
learner = Supervised(Lookup(4, 8), 40, 16, AdamW(1e-2, 0.5))


def matrices(model):
    return [np.asarray(x) for x in jax.tree.leaves(model) if x.ndim > 1]


def run(one):
    state = one.start(task, KEY)
    return state.model, jax.jit(lambda s: one.advance(task, s, one.steps))(state).model


first, dense = run(learner)


def test_the_largest_weights_are_kept_over_all_matrices_together():
    kept = np.concatenate([m.ravel() for m in matrices(largest(dense, 0.25))])
    sizes = np.abs(np.concatenate([m.ravel() for m in matrices(dense)]))
    assert kept.sum() == round(0.25 * len(sizes))
    assert sizes[kept == 1].min() > sizes[kept == 0].max()
    assert all((np.asarray(b) == 1).all() for b in jax.tree.leaves(largest(dense, 0.25)) if b.ndim == 1)


def test_survivors_start_where_they_first_started_and_the_others_stay_at_0():
    start, end = run(Ticket(learner, dense, 0.3))
    for mask, was, begun, after in zip(*map(matrices, (largest(dense, 0.3), first, start, end)), strict=True):
        assert np.array_equal(begun, was * mask)
        assert (after[mask == 0] == 0).all()
        assert (after[mask == 1] != begun[mask == 1]).mean() > 0.9
    assert np.abs(end.hidden.bias).max() > 0  # biases start at 0 and learn all the same


def test_a_ticket_of_everything_is_the_dense_training():
    _, end = run(Ticket(learner, dense, 1.0))
    for one, other in zip(jax.tree.leaves(end), jax.tree.leaves(dense), strict=True):
        assert np.asarray(one) == pytest.approx(np.asarray(other), abs=1e-6)


def test_controls_have_the_tickets_size_or_its_norm():
    ticket, anyhow, scaled = (run(Ticket(learner, dense, 0.3, how))[0] for how in ("magnitude", "random", "rescaled"))
    count = lambda model: sum(int((m != 0).sum()) for m in matrices(model))  # noqa: E731
    assert count(anyhow) == count(ticket)
    assert not np.array_equal(matrices(anyhow)[0] != 0, matrices(ticket)[0] != 0)
    assert float(optax.tree.norm(scaled)) == pytest.approx(float(optax.tree.norm(ticket)), rel=1e-5)
    assert matrices(scaled)[0] / matrices(first)[0] == pytest.approx(
        matrices(scaled)[1][0, 0] / matrices(first)[1][0, 0]
    )


def test_a_sparse_optimiser_is_optaxs_on_what_is_left():
    weights, slopes = jnp.array([[1.0, 0.0], [2.0, 3.0]]), jnp.array([[0.5, 0.5], [-1.0, 2.0]])
    ours, theirs = Sparse(AdamW(0.1, 0.2)).build(5), optax.adamw(0.1, weight_decay=0.2)
    mine, _ = ours.update(slopes, ours.init(weights), weights)
    wanted, _ = theirs.update(slopes, theirs.init(weights), weights)
    assert np.asarray(mine) == pytest.approx(np.asarray(wanted.at[0, 1].set(0.0)))


def test_what_cannot_be_is_said_in_one_line():
    with pytest.raises(HeldoutError, match="above 0"):
        Ticket(learner, dense, 0.0)
    with pytest.raises(HeldoutError, match="give magnitude"):
        Ticket(learner, dense, 0.5, "best")  # pyright: ignore[reportArgumentType]
    with pytest.raises(HeldoutError, match="of that kind"):
        Ticket(learner, jnp.ones(3), 0.5).start(task, KEY)
