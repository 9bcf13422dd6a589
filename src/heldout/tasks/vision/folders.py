"""The user's own images, in one folder a class, as a task."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.digest import digest
from heldout.core.errors import HeldoutError, first_line
from heldout.core.seeds import Words, words
from heldout.core.split import Split
from heldout.core.task import Sample
from heldout.tasks.divided import Divided, Read
from heldout.tasks.tabular.columns import Column
from heldout.tasks.tabular.shift import parts

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".webp", ".tif", ".tiff")

MOST = 4 << 30
"""Bytes of images that are held in memory at most."""


@dataclass(frozen=True)
class Folders(Divided):
    """Images in folders `CLASS/` or `DOMAIN/CLASS/` (as PACS and DomainBed lay them out), scored by the right class.

    Where there are domains, each is asked about by a model fitted without it. Images are given in [0, 1], (n, h, w) where all of
    them are grey and (n, h, w, 3) else. `size`: the side of a square to which they are scaled; without it all must be alike.
    """

    path: Path = field(compare=False)
    size: int | None = None
    limit: int = 100_000
    source: str = field(default="", init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "source", _stamp(self.path))

    @property
    def name(self) -> str:
        """The name of the folder."""
        return self.path.resolve().name

    @property
    def read(self) -> Read:
        """Every image, read once."""
        return _images(self)

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """Some images."""
        found = self.questions(split, key, n)
        shape = " x ".join(map(str, self.inputs[1::-1]))
        pairs = zip(found.inputs, found.targets, strict=True)
        return [Sample(f"image {shape}", self.classes[t], image) for image, t in pairs]


def _files(root: Path) -> list[Path]:
    """Every image below a folder, in order of its path. HeldoutError where some lie deeper than others."""
    found = sorted(
        p for p in root.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file() and not _hidden(p.relative_to(root))
    )
    if not found:
        raise HeldoutError(
            f"{root}: no images ({', '.join(SUFFIXES)}) in it: they are sought in CLASS/ or DOMAIN/CLASS/"
        )
    deep = len(found[0].relative_to(root).parts)
    other = next((p for p in found if len(p.relative_to(root).parts) != deep), None)
    if other is not None or deep not in (2, 3):
        raise HeldoutError(
            f"{root}: {other or found[0]} lies elsewhere than the layout has it: every image in CLASS/, or every one in "
            "DOMAIN/CLASS/"
        )
    return found


def _hidden(path: Path) -> bool:
    """Whether it or a folder that it lies in is no one's data, such as `._0.png` or `.ipynb_checkpoints`."""
    return any(part.startswith(".") for part in path.parts)


def _stamp(root: Path) -> str:
    """The sha256 of the names and contents of all images, so that another image makes another task."""
    whole = hashlib.sha256()
    for path in _files(root):
        whole.update(f"{path.relative_to(root)}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


@lru_cache(maxsize=2)
def _images(task: Folders) -> Read:
    files = _files(task.path)
    where = [p.relative_to(task.path).parts for p in files]
    classes, targets = np.unique([w[-2] for w in where], return_inverse=True)
    if len(classes) < 2:
        raise HeldoutError(f"{task.path}: all images are of the class {str(classes[0])!r}: nothing to predict")
    inputs = _pixels(files, task.size)
    domain = Column("domain", "text", np.array([w[0] for w in where], object)) if len(where[0]) == 3 else None
    made = parts(domain, len(files), words(digest(("folders", len(files))), "rows").generator())
    return Read((), inputs, targets.astype(np.int32), tuple(map(str, classes)), made)


def _pixels(files: list[Path], size: int | None) -> np.ndarray:
    """(n, h, w) or (n, h, w, 3) bytes."""
    grey = all(_opened(p, None).mode in ("1", "L", "I", "I;16", "LA") for p in files)
    mode = "L" if grey else "RGB"
    shape = _opened(files[0], None).size if size is None else (size, size)
    if shape[0] * shape[1] * len(mode) * len(files) > MOST:
        raise HeldoutError(
            f"{len(files):,} images of {shape[0]} x {shape[1]} do not fit into {MOST >> 30} GB: give --size, such "
            f"as --size {max(8, int((MOST / len(files) / 3) ** 0.5) // 8 * 8)}"
        )
    first = _array(files[0], mode, size)
    every = np.empty((len(files), *first.shape), np.uint8)
    for i, path in enumerate(files):
        one = _array(path, mode, size)
        if one.shape != first.shape:
            raise HeldoutError(
                f"images differ in size: {files[0].name} has {first.shape[1]} x {first.shape[0]}, {path} "
                f"{one.shape[1]} x {one.shape[0]}: give --size, such as --size {min(first.shape[:2])}"
            )
        every[i] = one
    return every


def _array(path: Path, mode: str, size: int | None) -> np.ndarray:
    """One image as bytes, scaled where a size is given."""
    from PIL import Image as Pillow

    image = _opened(path, mode)
    scaled = image if size is None else image.resize((size, size), Pillow.Resampling.BILINEAR)
    return np.asarray(scaled, np.uint8)


def _opened(path: Path, mode: str | None) -> Any:
    """One image; its pixels are read where a mode is given to convert them to (the upper 8 of 16 bits)."""
    import warnings

    from PIL import Image as Pillow
    from PIL import UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(path) as opened:
                image = opened
                if mode is None:
                    return image
                if image.mode.startswith("I"):
                    image = Pillow.fromarray((np.asarray(image).clip(0, 65535) // 257).astype(np.uint8))
                return image.convert(mode)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError) as error:
        raise HeldoutError(f"{path} cannot be read as an image: {first_line(error)[:120]}") from error
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise HeldoutError(f"{path}: {str(error).split(',')[0]}: an image so large is not read") from error
