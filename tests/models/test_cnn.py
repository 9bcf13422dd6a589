import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.models.cnn import CNN, Convolution, patches


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize(("height", "width"), [(8, 8), (7, 10)])
def test_a_convolution_is_jaxs_own(stride, height, width):
    one, two = jax.random.split(jax.random.key(0))
    images = jax.random.normal(one, (3, height, width, 5))
    kernel = jax.random.normal(two, (4, 27))
    found = eqx.filter_jit(Convolution(kernel, stride))(images)
    theirs = jax.lax.conv_general_dilated(
        images,
        kernel.reshape(4, 3, 3, 3),  # outputs, rows, columns, channels
        (stride, stride),
        ((1, 1), (1, 1)),
        dimension_numbers=("CHWN", "OHWI", "CHWN"),
    )
    assert found.shape == theirs.shape
    assert np.allclose(found, theirs, atol=1e-4)


def test_patches_are_the_surroundings():
    images = jnp.arange(2 * 4 * 4 * 1.0).reshape(2, 4, 4, 1)
    found = patches(images, 1)
    assert found.shape == (9, 2, 4, 4, 1)
    assert np.array_equal(found[4], images)  # the middle
    assert np.array_equal(found[0][:, 1:, 1:], images[:, :-1, :-1])
    assert (found[0][:, 0] == 0).all()


@pytest.mark.parametrize("inputs", [(8, 8), (28, 28), (9, 9, 3)])
def test_it_builds_for_grey_and_coloured_images_of_any_size(inputs):
    model = CNN(channels=(4, 6), strides=(1, 2)).build(jax.random.key(0), inputs, 10)
    outputs = eqx.filter_jit(model)(jnp.ones((5, *inputs)))
    assert outputs.shape == (5, 10)
    assert np.isfinite(outputs).all()


def test_every_image_is_answered_on_its_own():
    model = CNN().build(jax.random.key(0), (8, 8), 10)
    images = np.random.default_rng(1).random((6, 8, 8), np.float32)
    ask = eqx.filter_jit(model)
    assert np.allclose(ask(images)[2:3], ask(images[2:3]), atol=1e-5)
