"""What a task promises. Each contract takes a task and some model of it, and returns what is wrong in words."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from heldout.contracts.trial import MANY, N, ends, samples, trial
from heldout.core.split import Split, axes
from heldout.core.task import Outcomes, Sample, Task


def complete(task: Any) -> tuple[str, ...]:
    """It has everything that the protocol of tasks names, splits that differ in name, and an iid or shifted split."""
    wanted = [n for n in (*Task.__annotations__, *vars(Task)) if not n.startswith("_")]
    lacking = [f"it lacks `{name}`" for name in dict.fromkeys(wanted) if not hasattr(task, name)]
    if lacking:
        return tuple(lacking)
    names = [s.name for s in task.splits]
    twice = [f"two splits are called {name!r}" for name in dict.fromkeys(names) if names.count(name) > 1]
    twofold = [
        f"{name!r} is the name of a split and of an axis" for name in dict.fromkeys(names) if name in axes(task.splits)
    ]
    held = [] if any(not s.train for s in task.splits) else ["all its splits are train splits: nothing is held out"]
    return (*twice, *twofold, *held)


def repeats(task: Any, model: Any) -> tuple[str, ...]:
    """The same key gives the same instances, scores and facts."""
    problems = []
    for split in _telling(task):
        first, again = trial(task, model, split), trial(task, model, split, anew=True)
        problems += [
            f"{name} differ between two trials with one key on {split.name!r}" for name in _apart(first, again)
        ]
        if _contents(samples(task, split, 4)) != _contents(samples(task, split, 4)):
            problems.append(f"samples() differ between two calls with one key on {split.name!r}")
    return tuple(problems)


def bounded(task: Any, model: Any) -> tuple[str, ...]:
    """Scores lie within the bounds, and so does chance."""
    low, high = task.bounds
    problems = [] if low < high else [f"its bounds [{low:g}, {high:g}] are empty"]
    problems += [] if low <= task.chance <= high else [f"chance {task.chance:g} lies outside [{low:g}, {high:g}]"]
    for who, asked in (("a model", model), ("the oracle", task.oracle())):
        for split in _telling(task) if asked is not None else ():
            score = trial(task, asked, split).score.astype(float)
            outside = score[np.isfinite(score) & ((score < low - 1e-6) | (score > high + 1e-6))]
            if outside.size:
                problems.append(f"{who} scores {outside[0]:g} on {split.name!r}, outside [{low:g}, {high:g}]")
    return tuple(problems)


def solvable(task: Any) -> tuple[str, ...]:
    """The oracle, where there is one, does better than chance on every split looked at."""
    oracle = task.oracle()
    if oracle is None:
        return ()
    means = {s.name: float(np.mean(trial(task, oracle, s).score)) for s in _telling(task)}
    return tuple(
        f"the oracle scores {mean:.3g} on {name!r}, no better than chance ({task.chance:g})"
        for name, mean in means.items()
        if not mean > task.chance
    )


def distinct(task: Any, model: Any) -> tuple[str, ...]:
    """The ids of a trial's items are of the agreed shape, and no instance of a held-out split is asked twice in one trial."""
    problems = []
    for split in (s for s in _telling(task) if not s.train):
        found = trial(task, model, split, N)
        shape, n = found.item.shape, len(found.score)
        if shape != (n, 2) or not 0 < n <= N:
            problems.append(f"trials of {N} on {split.name!r} gave items of shape {shape} and {n} scores")
        elif len(np.unique(found.item, axis=0)) < n:
            problems.append(f"{n - len(np.unique(found.item, axis=0))} of {n} items on {split.name!r} are repeated")
    return tuple(problems)


def disjoint(task: Any, model: Any) -> tuple[str, ...]:
    """No item id and no instance of a train split is found on a held-out one."""
    trained = [s for s in task.splits if s.train]
    ids = {tuple(i) for s in trained for i in trial(task, model, s, MANY).item.tolist()}
    seen = _recognisable(c for s in trained for c in _contents(samples(task, s, N // 4, s.name)))
    by_id, by_look = [], []
    for split in (s for s in task.splits if not s.train):
        if ids & {tuple(i) for i in trial(task, model, split, N).item.tolist()}:
            by_id.append(split.name)
        if seen and seen & _recognisable(_contents(samples(task, split, N // 4, split.name))):
            by_look.append(split.name)
    problems = [f"item ids of {_named(by_id)} are also those of training instances"] * bool(by_id)
    problems += [f"samples of {_named(by_look)} are also training instances"] * bool(by_look)
    return tuple(problems)


def _named(splits: list[str]) -> str:
    """A few names, and how many more there are."""
    return ", ".join(map(repr, splits[:3])) + (f" and {len(splits) - 3} more splits" if len(splits) > 3 else "")


def _recognisable(contents: Iterable[tuple[str, str, bytes]]) -> set[tuple[str, str, bytes]]:
    """The instances, if what is shown of them tells them apart; a text that many share describes the split, not them."""
    found = list(contents)
    return set(found) if len(set(found)) > 0.9 * len(found) else set()


def _contents(found: list[Sample]) -> list[tuple[str, str, bytes]]:
    """What is shown of each instance; an image speaks for itself, its caption names the split."""
    images = [b"" if s.image is None else np.asarray(s.image).tobytes() for s in found]
    return [("" if image else s.text, s.answer, image) for s, image in zip(found, images, strict=True)]


def _telling(task: Any) -> tuple[Split, ...]:
    """The splits without an axis, and the end of every shift."""
    return (*(s for s in task.splits if s.axis is None), *ends(task.splits))


def _apart(first: Outcomes, again: Outcomes) -> list[str]:
    pairs = {"items": (first.item, again.item), "scores": (first.score, again.score)}
    pairs |= {f"facts {n!r}": (first.facts[n], again.facts.get(n)) for n in first.facts}
    return [name for name, (a, b) in pairs.items() if not _equal(a, b)]


def _equal(a: Any, b: Any) -> bool:
    if b is None or np.shape(a) != np.shape(b):
        return False
    same = np.asarray(a) == np.asarray(b)
    missing = (np.asarray(a) != np.asarray(a)) & (np.asarray(b) != np.asarray(b))
    return bool(np.all(same | missing))
