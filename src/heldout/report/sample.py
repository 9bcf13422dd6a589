"""Sample instances laid out: pictures by group and level, texts by split."""

import base64
from dataclasses import dataclass
from pathlib import Path

from heldout.core.result import Result, SampleFile
from heldout.core.split import Split

LARGEST, MOST = 300_000, 6_000_000
"""Bytes of one picture and of all: a page stays a page."""

TEXTS = 3


@dataclass(frozen=True)
class Shown:
    """One instance, its picture as a data address (empty without one)."""

    text: str
    answer: str
    picture: str
    split: str


@dataclass(frozen=True)
class Samples:
    """The instances of one task. `grid`: per line its label and one instance per column; `texts`: those in words."""

    task: str
    columns: tuple[str, ...]
    grid: tuple[tuple[str, tuple[Shown | None, ...]], ...]
    texts: tuple[Shown, ...]


def samples(result: Result) -> dict[str, Samples]:
    """By task. Pictures that are no PNG, too large or gone are left out."""
    left = MOST
    made = {}
    for task in result.study.tasks:
        mine = [s for s in result.samples if s.task == task.name]
        shown: dict[str, list[Shown]] = {}
        for sample in mine:
            one = _shown(sample, left)
            left -= len(one.picture)
            shown.setdefault(sample.split, []).append(one)
        if shown:
            made[task.name] = _laid(task.name, task.splits, shown)
    return made


def _shown(sample: SampleFile, left: int) -> Shown:
    return Shown(sample.text, sample.answer, _picture(sample.image, min(LARGEST, left)), sample.split)


def _picture(path: Path | None, most: int) -> str:
    if path is None:
        return ""
    try:
        data = path.read_bytes() if path.is_file() and path.stat().st_size <= most else b""
    except OSError:
        return ""
    return f"data:image/png;base64,{base64.b64encode(data).decode()}" if data.startswith(b"\x89PNG\r\n\x1a\n") else ""


def _laid(task: str, splits: tuple[Split, ...], shown: dict[str, list[Shown]]) -> Samples:
    texts = tuple(s for split in splits for s in shown.get(split.name, ())[:TEXTS] if not s.picture)
    pictured = [s for s in splits if any(one.picture for one in shown.get(s.name, ()))]
    levels = sorted({s.level for s in pictured if s.level is not None})
    single = len(levels) < 2 or all(s.group is None for s in pictured)
    if single:
        most = max((len(shown[s.name]) for s in pictured), default=0)
        lines = [(s.name, tuple((*shown[s.name], *(None,) * most)[:most])) for s in pictured]
        return Samples(task, ("",) * most, tuple(lines), texts)
    lines: list[tuple[str, tuple[Shown | None, ...]]] = []
    lines += [(s.name, (shown[s.name][0], *(None,) * (len(levels) - 1))) for s in pictured if s.level is None]
    for axis, group in dict.fromkeys((s.axis, s.group) for s in pictured if s.level is not None):
        at = {s.level: shown[s.name][0] for s in pictured if (s.axis, s.group) == (axis, group)}
        lines.append((group or axis or "", tuple(at.get(v) for v in levels)))
    return Samples(task, tuple(f"{v:g}" for v in levels), tuple(lines), texts)
