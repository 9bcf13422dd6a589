import colorsys

import jax
import numpy as np
import pytest
from scipy import ndimage

from heldout.core import IID, TRAIN, HeldoutError, Task
from heldout.tasks.domains import Domains
from heldout.tasks.vision import styles
from heldout.tasks.vision.handwriting import handwriting, partition
from heldout.tasks.vision.styles import CUT, LABELS, PACS, SIDE, STYLES, Styles, drawn

TASK = Styles("sketch")
KEY = jax.random.key(0)
INK = styles.ink(handwriting("digits")[0][:40], "digits")


def rng():
    return np.random.default_rng(0)


def test_it_is_a_task_with_domains():
    assert isinstance(TASK, Task)
    assert isinstance(TASK, Domains)
    assert TASK.domains == ("photo", "art", "cartoon")
    assert Styles("photo", ("sketch", "neon")).domains == ("sketch", "neon")


@pytest.mark.parametrize("data", ["digits", "mnist"])
def test_no_two_of_the_four_styles_train_on_the_same_digit_and_none_on_a_held_out_one(data):
    rows, held = partition(data, 600)
    dealt = [set(rows[place :: styles.SHARES][: len(rows) // styles.SHARES]) for place in range(4)]
    assert len(set().union(*dealt, held)) == 4 * len(dealt[0]) + 600
    for place, style in enumerate(PACS):
        found = drawn(data, 600, (style,), "training")
        labels = handwriting(data)[1][rows[place :: styles.SHARES]]
        assert np.array_equal(found.labels[0], labels[: len(rows) // styles.SHARES])
    assert np.array_equal(drawn(data, 600, PACS, "held out").labels, [handwriting(data)[1][held]] * 4)


def test_ink_is_read_by_straight_lines_between_pixels():
    image = handwriting("digits")[0][0]
    at = np.clip((np.arange(SIDE) + 0.5) * 10 / SIDE - 0.5, 0, 9)
    padded = np.pad(image, 1) / 255.0
    wanted = ndimage.map_coordinates(padded, np.meshgrid(at, at, indexing="ij"), order=1)
    assert np.allclose(INK[0], wanted)
    assert styles.ink(handwriting("mnist")[0][:1], "mnist").shape == (1, SIDE, SIDE)


def test_an_outline_is_what_dilation_adds():
    figure = INK > CUT
    cross = ndimage.generate_binary_structure(2, 1)
    wanted = [ndimage.binary_dilation(one, cross) & ~one for one in figure]
    assert np.array_equal(styles.outline(figure), wanted)


def test_hues_are_those_of_the_colour_wheel():
    turns = np.linspace(0, 1, 7)
    wanted = [colorsys.hsv_to_rgb(t % 1, 0.6, 0.9) for t in turns]
    assert np.allclose(styles.hue(turns, 0.6, 0.9)[:, 0, 0], wanted)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_is_pictures_in_which_figure_and_ground_differ(style):
    pictures = STYLES[style](INK, rng())
    assert pictures.shape == (40, SIDE, SIDE, 3)
    grey, figure = pictures.mean(-1), INK > CUT
    marked = styles.outline(figure) if style in ("cartoon", "sketch", "neon") else figure
    apart = [g[m].mean() - g[~m & ~f].mean() for g, m, f in zip(grey, marked, figure, strict=True)]
    bright = {"photo": 1, "cartoon": -1, "sketch": -1, "chalk": 1, "neon": 1, "mosaic": -1, "stencil": 1}
    if style == "art":
        assert 0.2 < np.mean(np.array(apart) > 0) < 0.8
    else:
        assert np.mean(np.sign(apart) == bright[style]) > 0.9


def test_a_sketch_has_no_colour_and_a_cartoon_few():
    assert np.ptp(styles.sketch(INK, rng()), axis=-1).max() == 0
    counts = [len(np.unique(one.reshape(-1, 3).round(6), axis=0)) for one in styles.cartoon(INK, rng())]
    assert set(counts) <= {3, 4}  # the outline has two shades where it crosses nothing else


def test_splits_show_their_styles_only():
    shown = np.asarray(TASK.draw(TASK.splits[2], KEY, 64).inputs)
    assert np.ptp(shown, axis=-1).max() == 0
    for domain in range(3):
        batch = TASK.draw_domain(domain, KEY, 32)
        pictures = drawn("digits", 600, TASK.domains, "training").images[domain]
        known = {p.tobytes() for p in pictures}
        assert all(np.round(p * 255).astype(np.uint8).tobytes() in known for p in np.asarray(batch.inputs))
    assert np.ptp(np.asarray(TASK.draw(IID, KEY, 64).inputs), axis=-1).max(axis=(1, 2)).min() > 0


def test_labels_are_what_they_say():
    digits = np.arange(10)
    assert np.array_equal(LABELS["parity"], digits % 2)
    assert np.array_equal(LABELS["remainder"], digits % 3)
    assert np.array_equal(LABELS["size"], digits >= 5)
    holes = Styles("photo", ("chalk",), "holes", "mnist")
    assert holes.chance == pytest.approx(1 / 3)
    batch, plain = holes.draw(TRAIN, KEY, 50), Styles("photo", ("chalk",), data="mnist").draw(TRAIN, KEY, 50)
    assert np.array_equal(batch.targets, LABELS["holes"][np.asarray(plain.targets)])


def test_what_is_wrong_is_one_line():
    with pytest.raises(HeldoutError, match="no style is called 'oil'"):
        Styles("oil")
    with pytest.raises(HeldoutError, match="cannot be a source"):
        Styles("art", ("art", "photo"))
    with pytest.raises(HeldoutError, match="no digits are called"):
        Styles(data="svhn")
