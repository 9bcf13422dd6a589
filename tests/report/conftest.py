"""Results made up for the reports' tests: their numbers mean nothing."""

import math
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from heldout.core import IID, TRAIN, Paper, Study, all_of, at_least, gap, mean, ordered, score, steps_to, worst
from heldout.core.result import MeasureRow, Result, SampleFile, ScoreRow
from heldout.core.split import Split
from heldout.core.verdict import Look, Verdict
from heldout.measures.table import places

HOSTILE = "<script>alert('x')</script> & \"q\" | `c` *b* [l](http://evil.example) \x1b[31m é 数 \u202e"
FAMILIES = {
    "noise": ("gaussian noise", "shot noise", "impulse noise"),
    "blur": ("defocus blur", "glass blur", "motion blur", "zoom blur"),
    "weather": ("snow", "frost", "fog", "brightness"),
    "digital": ("contrast", "elastic", "pixelate", "jpeg"),
}
SYSTEMS = ("linear", "mlp", "cnn", "cnn+augment", "cnn+augmix")


@dataclass(frozen=True)
class MadeTask:
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    name: str = "digits"
    splits: tuple[Split, ...] = (TRAIN, IID)
    bounds: tuple[float, float] = (0.0, 1.0)
    chance: float = 0.1

    def oracle(self) -> None:
        return None


@dataclass(frozen=True)
class MadeLearner:
    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False
    resumable: ClassVar[bool] = True
    step_unit: ClassVar[str] = "update"
    name: str = "cnn"
    steps: int = 400
    paper: Paper | None = field(default=None, compare=False)


def corrupted(per_axis: bool) -> tuple[Split, ...]:
    """Fifteen families at five severities, on four axes or on one."""
    shifted = (
        Split(f"{group} {level}", axis if per_axis else "corruption", float(level), group)
        for axis, groups in FAMILIES.items()
        for group in groups
        for level in range(1, 6)
    )
    return (TRAIN, IID, *shifted)


def spread(name: str) -> float:
    """A number in [0, 1) that depends on the name."""
    return zlib.crc32(name.encode()) / 2**32


def scores(task: Any, learner: Any, steps: tuple[int, ...] = (400,), seeds: int = 12) -> Iterator[ScoreRow]:
    """Rows as the lab makes them, with numbers made up."""
    skill = 0.9 + 0.09 * spread(learner.name)
    for step in steps:
        for place in places(task.splits):
            found = [s.level or 1.0 for s in place.splits if s.axis]
            hard = 0.13 * (max(found) if place.lowest else float(np.mean(found))) if found else 0.0
            fragile = 0.3 + 0.7 * spread(f"{learner.name}{place.group or place.axis}")
            value = max(skill * (1 - math.exp(-4 * step / steps[-1])) * (1 - hard * fragile), 0.1)
            half = 0.004 + 0.02 * hard
            yield ScoreRow(
                task.name, learner.name, "", place.name, place.axis, place.group, place.level, "score", step,
                value, max(value - half, 0.0), min(value + 1.2 * half, 1.0), seeds, "seed",
            )  # fmt: skip


def looks(estimate: float, spread_: float, ns: tuple[int, ...] = (4, 6, 8, 12, 16)) -> tuple[Look, ...]:
    """Evidence that narrows."""
    return tuple(
        Look(n, estimate + spread_ * math.sin(n) / n, estimate - 3 * spread_ / n**0.5, estimate + 3 * spread_ / n**0.5)
        for n in ns
    )


def decided(name: str, claim: Any, word: Any, values: tuple[float, float, float, float], **more: Any) -> Verdict:
    """A verdict with looks that end at its interval."""
    estimate, low, high, bound = values
    seen = looks(estimate, (high - low) * 16**0.5 / 6) if not math.isnan(estimate) else ()
    filled = {"n": 16 if seen else 0, "method": "sign-flip test, group-sequential", "looks": seen} | more
    return Verdict(name, claim.text, word, estimate, low, high, bound=bound, **filled)


def claims(first: Any, second: Any, crew: tuple[Any, ...]) -> dict[str, Any]:
    """One of every kind."""
    linear, mlp, cnn, augment, augmix = crew
    return {
        "augmentation helps on corruptions": (score(first, augmix, "noise") > score(first, cnn, "noise") + 0.02).given(
            score(first, cnn, "iid") > 0.9
        ),
        "a network with no augmentation holds under blur": score(first, cnn, "blur") > 0.9,
        "two augmentations are as good": score(first, augment, "digital").near(score(first, augmix, "digital"), 0.02),
        "depth orders the clean scores": ordered(
            score(second, cnn, "iid"), score(second, mlp, "iid"), score(second, linear, "iid")
        ),
        "mean gap of the linear model": (mean(gap(second, linear, "corruption")) < 0.2).given(
            score(second, linear, "iid") > 0.98
        ),
        "at least two of three": at_least(
            2,
            worst(first, cnn, "noise") > 0.5,
            worst(first, mlp, "noise") > 0.5,
            steps_to(first, cnn, "iid", 0.9) < 200,
        ),
        HOSTILE: all_of(score(first, mlp, "iid") > 0.5, score(second, mlp, "iid") > 0.5),
    }


def verdicts(asked: dict[str, Any]) -> tuple[Verdict, ...]:
    """All four words, compound claims, and nothing at all."""
    names, nan = list(asked), math.nan
    made = [
        decided(
            names[0], asked[names[0]], "supported", (0.0812, 0.0523, 0.1102, 0.02), assumption="effects that shift"
        ),
        decided(names[1], asked[names[1]], "refuted", (0.7421, 0.7012, 0.7777, 0.9), alpha=0.0125, method="sign test"),
        decided(names[2], asked[names[2]], "undecided", (0.0112, -0.0123, 0.0345, 0.0), reason="48 seeds were spent"),
    ]
    shown = {"n": 12, "method": "exact sign test"}
    clean = decided("given", asked[names[0]].conditions()[0], "supported", (0.962, 0.958, 0.967, 0.9), **shown)
    made[0] = replace(
        made[0], parts=(decided("", asked[names[0]].part, "supported", (0.0812, 0.0523, 0.1102, 0.02)), clean)
    )
    order = asked[names[3]]
    parts = tuple(
        decided(str(i), p, "supported", (0.03 * i, 0.01 * i, 0.05 * i, 0.0), n=8)
        for i, p in enumerate(order.components(), 1)
    )
    made.append(replace(parts[1], claim=names[3], statement=order.text, parts=parts))
    failed = decided("given", asked[names[4]].conditions()[0], "refuted", (0.93, 0.91, 0.95, 0.98), **shown)
    reason = f"its condition does not hold: {failed.statement} was refuted, at 0.93 [0.91, 0.95]"
    made.append(
        decided(
            names[4], asked[names[4]], "void", (0.1812, 0.1512, 0.2222, 0.2), reason=reason, parts=(made[1], failed)
        )
    )
    some = asked[names[5]].components()
    parts = (
        decided("1", some[0], "supported", (0.61, 0.55, 0.66, 0.5)),
        decided("2", some[1], "undecided", (0.52, 0.47, 0.56, 0.5)),
        decided("3", some[2], "refuted", (312.0, 250.0, 380.0, 200.0)),
    )
    made.append(
        replace(parts[1], claim=names[5], statement=asked[names[5]].text, reason="1 of 3 parts open", parts=parts)
    )
    made.append(
        decided(names[6], asked[names[6]], "undecided", (nan, nan, nan, nan), reason=HOSTILE, assumption=HOSTILE)
    )
    return tuple(made)


def corruptions(folder: Path | None = None) -> Result:
    """Two tasks, five learners, 76 test splits each, claims of every kind and with every verdict."""
    first = MadeTask("digits 8x8", corrupted(per_axis=True))
    second = MadeTask("MNIST", corrupted(per_axis=False))
    augmix = Paper("augmix", "AugMix: A Simple Data Processing Method", 2020, "Dan Hendrycks et al.", "1912.02781")
    crew = tuple(MadeLearner(n, paper=augmix if n.endswith("augmix") else None) for n in SYSTEMS)
    asked = claims(first, second, crew)
    measures = {f"mean corruption error of {x.name}": mean(1 - score(second, x, "corruption")) for x in crew}
    study = Study(
        paper=Paper(
            "corruptions",
            "Benchmarking Neural Network Robustness to Common Corruptions and Perturbations",
            2019,
            "Dan Hendrycks and Thomas Dietterich",
            "1903.12261",
            {
                "mean corruption error of cnn": "76.7 (ResNet-50)",
                next(iter(asked)): "the gain is 5.3",
                "flip rate": "58.0",
            },
        ),
        tasks=(first, second),
        learners=crew,
        claims=asked,
        measures=measures,
    )
    rows = [
        r for t in (first, second) for x in crew for r in scores(t, x, (50, 100, 200, 400) if t is second else (400,))
    ]
    return Result(
        study,
        verdicts(asked),
        tuple(rows),
        tuple(MeasureRow(n, m.text, 61.2 + 9 * i, 58.1 + 9 * i, 64.9 + 9 * i, 12, "seed") for i, (n, m) in enumerate(measures.items())),
        samples=pictures(folder, first) + pictures(folder, second) if folder else (),
        seconds=431.7,
        cpu_seconds=846.2,
        cells_run=118,
        cells_reused=2,
        diverged=1,
        provenance={"commit": "0123abcd", "device": "Linux x86_64 cpu", "packages": "jax 0.10.2, numpy 2.4.6"},
        gaps=tuple(gaps(first, crew)) + tuple(gaps(second, crew)),
        page=".heldout/pages/corruptions.html",
        about="Kept: fifteen corruptions at five severities.\n\nLeft out: ImageNet.",
    )  # fmt: skip


def gaps(task: Any, crew: tuple[Any, ...]) -> Iterator[ScoreRow]:
    for learner in crew:
        rows = {(r.split, r.group, r.level): r for r in scores(task, learner)}
        for axis in dict.fromkeys(s.axis for s in task.splits if s.axis):
            lost = rows["iid", None, None].estimate - rows[axis, None, None].estimate
            shifted = rows[axis, None, None]
            yield replace(shifted, estimate=lost, low=lost - 0.01, high=lost + 0.01)


def pictures(folder: Path, task: Any) -> tuple[SampleFile, ...]:
    """A disc under noise, as small PNG files."""
    from PIL import Image

    grid = np.hypot(*np.mgrid[-1:1:16j, -1:1:16j])
    made = []
    for split in task.splits:
        noise = np.random.default_rng(zlib.crc32(split.name.encode())).normal(size=grid.shape)
        image = np.clip((grid < 0.7) * 0.9 + 0.08 * (split.level or 0) * noise, 0, 1)
        path = folder / f"{zlib.crc32(f'{task.name}{split.name}'.encode()):08x}.png"
        Image.fromarray(np.round(255 * image).astype(np.uint8)).save(path)
        made.append(SampleFile(task.name, split.name, f"a disc, {split.name}", "0", path))
    return tuple(made)


def lengths() -> Result:
    """One axis of lengths without groups, one unordered axis, hostile names, nan, an empty claim."""
    splits = (TRAIN, IID, *(Split(f"length {n}", "length", float(n)) for n in (40, 80, 160)))
    domains = tuple(Split(d, "domain", None, None) for d in ("photo", HOSTILE))
    task = MadeTask(HOSTILE, splits + domains)
    crew = (MadeLearner("lstm " + HOSTILE), MadeLearner("a learner whose name goes on and on " * 4))
    asked = {"x" * 300: score(task, crew[0], "length") > 0.9}
    study = Study(Paper("odd", HOSTILE, published={HOSTILE: HOSTILE}), (task,), crew, asked)
    rows = [r for x in crew for r in scores(task, x)]
    rows[1] = replace(rows[1], estimate=math.nan, low=math.nan, high=math.nan)
    rows[2] = replace(rows[2], low=math.nan, high=math.nan, n=1)
    made = decided("x" * 300, asked["x" * 300], "undecided", (0.5, -math.inf, math.inf, 0.9), unit="item")
    texts = tuple(SampleFile(task.name, s.name, f"{HOSTILE} {s.name}\n0101", "<b>1</b>") for s in splits)
    return Result(study, (made,), tuple(rows), samples=texts, warnings=(HOSTILE,), provenance={"host": HOSTILE})


def bare() -> Result:
    """Nothing was asked, nothing run."""
    return Result(Study(Paper("bare"), (), (), {}), (), ())


def single() -> Result:
    """One learner that never trains, judged item by item; no axes."""
    task, model = MadeTask("sums", (TRAIN, IID), chance=0.0), MadeLearner("endpoint", steps=0)
    asked = {"it adds": mean(score(task, model)) > 0.5}
    made = decided("it adds", asked["it adds"], "supported", (0.84, 0.79, 0.88, 0.5), n=400, unit="item")
    rows = tuple(replace(r, n=400, unit="item", step=0) for r in scores(task, model))
    return Result(Study(Paper("sums", "Sums"), (task,), (model,), asked), (made,), rows)


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return corruptions(tmp_path_factory.mktemp("samples"))


@pytest.fixture(scope="session")
def full_page(full: Result) -> str:
    from heldout.report.html import page

    return page(full)


@pytest.fixture(scope="session", params=[lengths, bare, single])
def odd(request: pytest.FixtureRequest) -> Result:
    return request.param()


@pytest.fixture(scope="session")
def made() -> Any:
    """The functions above, for tests that build results of their own."""
    from types import SimpleNamespace

    return SimpleNamespace(HOSTILE=HOSTILE, corruptions=corruptions, lengths=lengths, bare=bare, single=single)
