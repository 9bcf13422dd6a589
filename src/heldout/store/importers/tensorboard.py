"""TensorBoard event files: their scalars, by a small reader of the record format and the few protobuf fields needed.

A file is a run of records: length (8 bytes), its checksum (4), an Event, its checksum (4). Of an Event: field 1
wall_time (double), 2 step (varint), 5 summary; of a Summary: field 1 value; of a value: 1 tag, 2 simple_value (float),
8 tensor; of a tensor: 1 dtype, 4 tensor_content, 5 float_val, 6 double_val.
"""

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError, first_line
from heldout.store.importers.tidy import Tidy, place, tidy

LARGEST = 64 << 20
"""Bytes of one record: those with images may be large, a scalar is not."""

PREFERRED = ("eval/mean_reward", "rollout/ep_rew_mean", "return", "reward", "score", "accuracy", "acc", "success")


def recognises(path: Path, head: bytes) -> bool:
    """By name, and by a first record that names its version."""
    return "tfevents" in path.name and b"brain.Event:" in head[:64]


def read(path: Path) -> Tidy:
    """Every scalar with its step; the tag that looks most like a score, the others named."""
    scalars = list(_scalars(path))
    tags = list(dict.fromkeys(tag for _, tag, _ in scalars))
    if not tags:
        raise HeldoutError(f"{path}: an event file without scalars")
    best = min(
        tags, key=lambda tag: next((i for i, word in enumerate(PREFERRED) if word in tag.lower()), len(PREFERRED))
    )
    system, task, run = place(path)
    rows = [
        {"system": system, "task": task, "run": run, "step": float(step), "score": value}
        for step, tag, value in scalars
        if tag == best
    ]
    others = [tag for tag in tags if tag != best]
    notes = [f"tag {best} taken as the score; left out: {', '.join(others)[:200]}"] if others else []
    return tidy("TensorBoard events", rows, notes, rank=2)


def _scalars(path: Path) -> Iterator[tuple[int, str, float]]:
    """Step, tag and value; a file that is still being written ends where its last whole record does."""
    try:
        with path.open("rb") as file:
            while len(head := file.read(12)) == 12:
                size = struct.unpack("<Q", head[:8])[0]
                if size > LARGEST:
                    raise HeldoutError(f"{path}: a record of {size:,} bytes: damaged, or no event file")
                body = file.read(size + 4)
                if len(body) < size + 4:
                    return
                yield from _event(body[:size])
    except OSError as error:
        raise HeldoutError(f"{path}: cannot be read ({error.strerror or error})") from error
    except (struct.error, IndexError, ValueError) as error:
        raise HeldoutError(f"{path}: a damaged event file ({first_line(error)})") from error


def _event(data: bytes) -> Iterator[tuple[int, str, float]]:
    step, summaries = 0, []
    for number, value in _fields(data):
        if number == 2 and isinstance(value, int):
            step = value
        elif number == 5 and isinstance(value, bytes):
            summaries.append(value)
    for summary in summaries:
        for number, value in _fields(summary):
            if number == 1 and isinstance(value, bytes):
                tag, scalar = _value(value)
                if scalar is not None:
                    yield step, tag, scalar


def _value(data: bytes) -> tuple[str, float | None]:
    tag, scalar = "", None
    for number, value in _fields(data):
        if number == 1 and isinstance(value, bytes):
            tag = value.decode("utf-8", "replace")
        elif number == 2 and isinstance(value, bytes) and len(value) == 4:
            scalar = struct.unpack("<f", value)[0]
        elif number == 8 and isinstance(value, bytes):
            scalar = _tensor(value)
    return tag, scalar


def _tensor(data: bytes) -> float | None:
    """A tensor of one float or double (dtypes 1 and 2); others are no scalars."""
    fields = dict[int, Any](_fields(data))
    kind = {1: "<f", 2: "<d"}.get(fields.get(1, 0))
    content = fields.get(4) or fields.get(5 if kind == "<f" else 6)
    if kind and isinstance(content, bytes) and len(content) == struct.calcsize(kind):
        return struct.unpack(kind, content)[0]
    return None


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """Field numbers and values of a protobuf message; fixed-width ones as their bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        wire = key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield key >> 3, value
            continue
        if wire == 2:
            size, at = _varint(data, at)
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
        else:
            raise ValueError(f"wire type {wire}")
        if at + size > len(data):
            raise ValueError("a field beyond the record's end")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("a number that is too long")
