"""All programs of a language, told apart by what they do, and the instances of every split.

Of programs that do the same on probe inputs the shortest counts, among equally short ones one that train sets may have. So no
program of a test set can be written as one of the train set.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heldout.tasks.formal.synthesis.language import Language

PROBES, HELD = 24, 2
"""How many inputs tell programs apart, and how many examples are kept from whoever looks for the program."""
KINDS = ("train", "length", "concepts", "order", "operation", "functionality")
LARGE, SMALL, TRIES = 24_576, 384, 6
"""Instances of the train set, of every other one, and how often inputs are drawn anew that tell little."""


@dataclass(frozen=True, eq=False)
class Table:
    """All instances: `program` (r, lines), `given` (r, k, size), `values` (r, lines + 1, k, size) before and after each line.

    `rows` of each split. `kinds`: how many different programs there are of each.
    """

    program: np.ndarray
    given: np.ndarray
    values: np.ndarray
    rows: dict[str, np.ndarray]
    kinds: dict[str, int]


def table(language: Language, shown: int, trained: int, rng: np.random.Generator) -> Table:
    """Instances of all splits, drawn from one generator; train programs have at most `trained` lines."""
    found = programs(language, trained, rng)
    by_kind = {kind: [p for p, k in found if k == kind] for kind in KINDS}
    train, iid = _parted(by_kind["train"], rng)
    splits = {"train": _mixed(train, rng), "iid": _some(iid, rng)}
    splits |= {kind: _some(by_kind[kind], rng) for kind in KINDS[1:]}
    program = np.concatenate([_padded(some, trained + 1, len(language.functions)) for some in splits.values()])
    ends = np.cumsum([len(some) for some in splits.values()])
    rows = {name: np.arange(end - len(splits[name]), end) for name, end in zip(splits, ends, strict=True)}
    given, values = _examples(language, program, shown + HELD, shown, rng)
    return Table(program, given, values, rows, {kind: len(some) for kind, some in by_kind.items()})


def kind(language: Language, trained: int, program: Sequence[int]) -> str:
    """Which set a program may belong to; empty for none.

    Train sets have programs of up to `trained` lines of one concept, or of concept 0 followed by 1. The others have one more
    such line; concept 2 together with another; concept 1 followed by 0; the operation that train has alone, among other lines; a
    function that train lacks.
    """
    lines = [language.functions[f] for f in program]
    steps = {(a.concept, b.concept) for a, b in zip(lines, lines[1:], strict=False) if a.concept != b.concept}
    alone = any(f.operation == language.alone for f in lines)
    later = any((f.operation, f.argument) in language.later for f in lines)
    usual, short = steps <= {(0, 1)}, len(lines) <= trained
    if alone or later:
        if alone and not later and len(lines) == 1:
            return "train"
        return "" if alone == later or not (usual and short) else "operation" if alone else "functionality"
    if usual:
        return "train" if short else "length"
    if not short or ((1, 0) in steps and len(steps) > 1):
        return ""
    return "order" if steps == {(1, 0)} else "concepts"


def programs(language: Language, trained: int, rng: np.random.Generator) -> list[tuple[tuple[int, ...], str]]:
    """Every program of some kind that does what no shorter one does, with its kind."""
    given = language.inputs(rng, (1, PROBES))
    value, level = language.first(given, np), [()]
    seen, found = {value[0].tobytes()}, []
    for length in range(1, trained + 2):
        made = language.every(value, given, np)  # (programs, probes, functions, size)
        longer = [(*p, f) for p in level for f in range(len(language.functions))]
        value = made.swapaxes(1, 2).reshape(len(longer), PROBES, -1)
        kinds = [kind(language, trained, p) for p in longer]
        new: set[bytes] = set()
        for i in sorted(range(len(longer)), key=lambda i: kinds[i] != "train"):
            done = value[i].tobytes()
            if done not in seen and done not in new and kinds[i]:
                found.append((longer[i], kinds[i]))
            new.add(done)
        seen |= new
        onward = np.array([length < trained or k == "train" for k in kinds])
        value, level = value[onward], [p for p, go in zip(longer, onward, strict=True) if go]
    return found


def _parted(train: list, rng: np.random.Generator) -> tuple[list, list]:
    """Programs to train on, and one in eight of those with several lines to be held out."""
    long = [p for p in train if len(p) > 1]
    held = {long[i] for i in rng.permutation(len(long))[: max(len(long) // 8, 1)]}
    return [p for p in train if p not in held], sorted(held)


def _mixed(train: list, rng: np.random.Generator) -> list:
    """Programs drawn evenly among those of a length; half as many have one line as any other number."""
    lengths = sorted({len(p) for p in train})
    by_length = [[p for p in train if len(p) == n] for n in lengths]
    share = np.array([0.5 if n == 1 else 1.0 for n in lengths])
    drawn = rng.choice(len(lengths), size=LARGE, p=share / share.sum())
    return [by_length[n][rng.integers(len(by_length[n]))] for n in drawn]


def _some(found: list, rng: np.random.Generator) -> list:
    """As many as a set holds: some of them, or all several times, since each time they have other inputs."""
    return [found[i] for i in np.resize(rng.permutation(len(found)), SMALL)]


def _padded(some: list, lines: int, stop: int) -> np.ndarray:
    return np.array([[*p, *[stop] * (lines - len(p))] for p in some], np.int32)


def _examples(
    language: Language, program: np.ndarray, count: int, shown: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Inputs and values of all programs; inputs under which outputs are all alike, or a line changes nothing, are drawn anew."""
    given = language.inputs(rng, (len(program), count))
    values = _run(language, program, given)
    for _ in range(TRIES):
        bad = np.flatnonzero(~_telling(values[:, :, :shown], program, len(language.functions)))
        again = language.inputs(rng, (len(bad), count))
        given[bad], values[bad] = again, _run(language, program[bad], again)
    return given.astype(np.int8), values.astype(np.int8)


def _run(language: Language, program: np.ndarray, given: np.ndarray) -> np.ndarray:
    values = [language.first(given, np)]
    for line in range(program.shape[1]):
        value, stopped = values[-1], (program[:, line] == len(language.functions))[:, None, None]
        which = np.where(stopped, 0, program[:, line, None, None])[..., None]
        made = np.take_along_axis(language.every(value, given, np), which, axis=2)[:, :, 0]
        values.append(np.where(stopped, value, made))
    return np.stack(values, 1)


def _telling(values: np.ndarray, program: np.ndarray, stop: int) -> np.ndarray:
    various = (values[:, -1] != values[:, -1, :1]).any((1, 2))
    useful = (values[:, 1:] != values[:, :-1]).any((2, 3)) | (program == stop)
    return various & useful.all(1)
