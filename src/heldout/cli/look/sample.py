"""Write instances of a task with their answers, as JSON lines."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heldout.cli.options import Count, StudyName

if TYPE_CHECKING:
    from heldout.core.split import Split
    from heldout.core.task import Sample


@click.command
@click.argument("name", metavar="TASK", type=StudyName())
@click.option("--split", default="iid", show_default=True, help="The split to draw from.")
@click.option("--n", "n", metavar="N", type=Count(), default=10, show_default=True, help="How many instances.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Another seed, other instances.")
@click.option(
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Where to write (else stdout); images go beside it as PNG.",
)
def command(name: str, split: str, n: int, seed: int, output: Path | None) -> None:
    """Write instances of a task with their answers: one JSON object a line, with task, split, text and answer.

    TASK is STUDY:TASK, such as corruptions:mnist, a study that has a single task, or package.module:Task. Images are written
    as PNG into the folder FILE-images; "image" in a line is the path from FILE to its picture.
    """
    from heldout.cli import task as tasks

    task = tasks.one(name)
    found = _split(task, split)
    drawn = task.samples(found, tasks.key(task, seed, f"sample:{found.name}"), n)
    if output is None:
        _print(task, found, drawn)
    else:
        _write(task, found, drawn, output)
    if len(drawn) < n:
        click.echo(f"{found.name!r} of {task.name!r} has {len(drawn)} instances to give, not {n}", err=True)


def _split(task: Any, name: str) -> "Split":
    from difflib import get_close_matches

    from heldout.core.errors import HeldoutError

    known = {s.name: s for s in task.splits}
    if name not in known:
        near = get_close_matches(name, known, 3, 0.4) or list(known)[:8]
        many = f"of its {len(known)} there is" if len(near) < len(known) else "there is"
        raise HeldoutError(f"task {task.name!r} has no split {name!r}: {many} {', '.join(near)}")
    return known[name]


def _print(task: Any, split: "Split", drawn: "Sequence[Sample]") -> None:
    from heldout.core.errors import HeldoutError

    if any(s.image is not None for s in drawn):
        raise HeldoutError(f"instances of {task.name!r} are images: give --output FILE, beside which they are written")
    for line in _lines(task, split, drawn, [None] * len(drawn)):
        click.echo(line)


def _write(task: Any, split: "Split", drawn: "Sequence[Sample]", output: Path) -> None:
    from heldout.store import files

    folder = output.with_name(f"{output.stem}-images")
    digits = len(str(max(len(drawn) - 1, 0)))
    pictures = [None if s.image is None else folder / f"{i:0{digits}d}.png" for i, s in enumerate(drawn)]
    with files.explained(output.parent):
        output.parent.mkdir(parents=True, exist_ok=True)
        for path, sample in zip(pictures, drawn, strict=True):
            if path is not None:
                folder.mkdir(exist_ok=True)
                _png(sample.image, path)
        names = [None if path is None else f"{folder.name}/{path.name}" for path in pictures]
        files.write_text(output, "".join(f"{line}\n" for line in _lines(task, split, drawn, names)))
    shown = f" and {sum(p is not None for p in pictures)} images in {folder}" if any(pictures) else ""
    click.echo(f"wrote {len(drawn)} instances to {output}{shown}", err=True)


def _lines(task: Any, split: "Split", drawn: "Sequence[Sample]", images: Sequence[str | None]) -> Iterator[str]:
    for sample, image in zip(drawn, images, strict=True):
        row = {"task": task.name, "split": split.name, "text": sample.text, "answer": sample.answer}
        yield json.dumps(row | ({} if image is None else {"image": image}), ensure_ascii=False)


def _png(image: Any, path: Path) -> None:
    import numpy as np
    from PIL import Image

    Image.fromarray(np.round(255 * np.clip(np.asarray(image), 0, 1)).astype(np.uint8)).save(path)
