"""Folders of images become tasks; what is wrong with them is said in one line."""

import numpy as np
import pytest
from PIL import Image

from heldout.core import HeldoutError, seeds
from heldout.tasks.tabular.leakage import leaks
from heldout.tasks.vision.folders import Folders

RNG = np.random.default_rng(0)


@pytest.fixture
def write(tmp_path):
    def at(where, image, **options):
        path = tmp_path / "images" / where
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(image, bytes):
            path.write_bytes(image)
        else:
            Image.fromarray(image).save(path, **options)
        return tmp_path / "images"

    return at


def grey(side=4):
    return RNG.integers(0, 256, (side, side)).astype(np.uint8)


def pictures(write, domains=("art", "photo"), each=20, make=grey):
    for domain in domains:
        for name in ("cat", "dog"):
            for i in range(each):
                root = write(f"{domain}/{name}/{i}.png", make())
    return root


def asked(task, split):
    return task.questions(next(s for s in task.splits if s.name == split), seeds.words("any"), 10**6)


def test_domains_are_left_out_one_by_one_and_pixels_come_as_they_are(write):
    root = pictures(write)
    task = Folders(root)
    assert [s.name for s in task.splits] == ["train", "iid", "domain=art", "domain=photo"]
    assert (task.inputs, task.outputs, task.classes, task.chance) == (
        (4, 4),
        2,
        ("cat", "dog"),
        pytest.approx(0.5, abs=0.1),
    )
    art = asked(task, "domain=art")
    wanted = {
        (p.parent.name, (np.asarray(Image.open(p)) / np.float32(255)).tobytes()) for p in (root / "art").rglob("*.png")
    }
    assert {(task.classes[t], x.tobytes()) for x, t in zip(art.inputs, art.targets, strict=True)} == wanted
    never = task.training(seeds.words("any"), "domain=art")
    assert not {x.tobytes() for x in never.inputs} & {x.tobytes() for x in art.inputs}
    assert len(never.inputs) < len(task.training(seeds.words("any")).inputs)
    assert [d.inputs.shape[1:] for d in task.by_domain()] == [(16,), (16,)]


def test_folders_of_classes_alone_have_no_shift(write):
    for i in range(30):
        root = write(f"{'ab'[i % 2]}/{i}.png", grey())
    task = Folders(root)
    assert [s.name for s in task.splits] == ["train", "iid"]
    assert len(asked(task, "iid").targets) == 8


def test_colours_sixteen_bits_and_sizes(write):
    for i in range(20):
        root = write(f"a/{i}.png", RNG.integers(0, 256, (6, 4, 3)).astype(np.uint8))
        write(f"b/{i}.png", np.full((6, 4), 65535 // 257 * 128, np.uint16))
    task = Folders(root)
    assert task.inputs == (6, 4, 3)
    found = asked(task, "train")
    assert np.unique(found.inputs[found.targets == 1]) == pytest.approx(255 // 2 / 255, abs=0.01)
    assert Folders(root, size=8).inputs == (8, 8, 3)
    (shown,) = task.samples(task.splits[0], seeds.words("any"), 1)
    assert shown.image.shape == (6, 4, 3)


def test_another_image_is_another_task(write):
    root = pictures(write)
    before = Folders(root)
    assert before == Folders(root)
    write("art/cat/0.png", grey())
    assert before != Folders(root)


def test_images_that_stand_on_both_sides_are_said(write):
    same = grey()
    root = pictures(write, make=lambda: same)
    assert "images asked about (iid) also stand in training" in next(leaks(Folders(root)))
    assert not list(leaks(Folders(pictures(write))))


def test_what_is_wrong_is_one_line(write, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(HeldoutError, match="no images"):
        Folders(tmp_path / "empty")
    root = pictures(write)
    write("art/cat/large.png", grey(5))
    with pytest.raises(HeldoutError, match=r"large.png 5 x 5: give --size, such as --size 4"):
        _ = Folders(root).read
    assert Folders(root, size=4).inputs == (4, 4)
    write("art/cat/broken.png", b"\x89PNG no more")
    with pytest.raises(HeldoutError, match=r"broken.png cannot be read as an image"):
        _ = Folders(root, size=4).read
    write("art/stray.png", grey())
    with pytest.raises(HeldoutError, match=r"stray\.png lies elsewhere"):
        Folders(root)


def test_one_class_is_nothing_to_predict(write):
    root = write("only/1.png", grey())
    with pytest.raises(HeldoutError, match="all images are of the class 'only'"):
        _ = Folders(root).read
