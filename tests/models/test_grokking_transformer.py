import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.models.grokking_transformer import GrokkingTransformer


def textbook(model, tokens):
    """One causal layer as it is usually written: every position of every example embedded, asked and answered."""
    n, length = tokens.shape
    asking = jnp.broadcast_to(model.asking, (n, 1, len(model.asking)))
    stream = jnp.concatenate([model.embedding[tokens], asking], 1) + model.positions
    heads = (n, length + 1, model.heads, -1)
    query, key, value = ((stream @ w).reshape(heads) for w in (model.query, model.key, model.value))
    scores = jnp.einsum("nqhd,nkhd->nhqk", query, key) / jnp.sqrt(query.shape[-1])
    causal = jnp.tril(jnp.ones((length + 1, length + 1), bool))
    share = jax.nn.softmax(jnp.where(causal, scores, -jnp.inf), -1)
    mixed = jnp.einsum("nhqk,nkhd->nqhd", share, value).reshape(stream.shape)
    stream = stream + mixed @ model.out
    hidden = jax.nn.relu(stream @ model.hidden.weight + model.hidden.bias)
    stream = stream + hidden @ model.back.weight + model.back.bias
    return (stream @ model.unembedding)[:, -1]


def built(spec, length):
    """A model none of whose weights is zero, made without compiling anything."""
    shapes = jax.eval_shape(lambda: spec.build(jax.random.key(0), (length, 11), 7))
    rng = np.random.default_rng(0)
    return jax.tree.map(lambda w: jnp.asarray(rng.normal(0, 0.2, w.shape), jnp.float32), shapes)


@pytest.mark.parametrize(("width", "heads", "length"), [(32, 4, 2), (12, 1, 3)])
def test_it_and_its_gradients_are_those_of_the_textbook_transformer(width, heads, length):
    model = built(GrokkingTransformer(width, heads), length)
    tokens = np.random.default_rng(1).integers(0, 11, (50, length))
    told = jax.nn.one_hot(tokens, 11)

    @jax.jit
    def both(model):
        lean = jax.grad(lambda m: jnp.sin(m(told)).sum())(model)
        usual = jax.grad(lambda m: jnp.sin(textbook(m, tokens)).sum())(model)
        return (model(told), lean), (textbook(model, tokens), usual)

    mine, wanted = both(model)
    for a, b in zip(jax.tree.leaves(mine), jax.tree.leaves(wanted), strict=True):
        assert np.allclose(a, b, atol=1e-5 * max(1.0, float(abs(b).max())))


def test_the_stream_starts_with_unit_length():
    model = jax.jit(lambda: GrokkingTransformer(256).build(jax.random.key(0), (2, 31), 31))()
    assert (model.embedding**2).sum(1) == pytest.approx(np.ones(31), abs=0.4)
    assert model.hidden.weight.shape == (256, 1024)


def test_heads_that_do_not_part_the_width_are_said_in_one_line():
    with pytest.raises(HeldoutError, match="width=10 does not part into heads=4"):
        GrokkingTransformer(10, 4)
