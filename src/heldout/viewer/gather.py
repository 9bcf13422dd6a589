"""What a site is made of: the results that stores hold, and kept evidence of what they lack."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from heldout.core.digest import digest
from heldout.core.discover import Found, about, load, studies
from heldout.core.errors import HeldoutError
from heldout.core.result import Result, SampleFile
from heldout.core.study import Study
from heldout.evidence import recall as kept
from heldout.lab import recall
from heldout.runner import samples
from heldout.store import Store

Say = Callable[[str], None]


@dataclass(frozen=True)
class Sources:
    """Where results come from: stores, those first that count more, a folder of evidence, a folder for sample instances."""

    stores: Sequence[Store] = ()
    evidence: Path | None = None
    samples: Path | None = None
    known: Mapping[str, Found] = field(default_factory=studies)


def gathered(sources: Sources, say: Say = lambda _: None) -> dict[str, Result]:
    """The result of every study that was run, by slug. `say` is told of each, and of what cannot be read."""
    found: dict[str, Result] = {}
    for slug, one in sources.known.items():
        if not anything(sources, slug):
            continue
        say(slug)
        try:
            result = result_of(one, sources)
        except HeldoutError as error:
            say(f"warning: {slug} is left out: {error}")
            continue
        if result is not None:
            found[slug] = result
    tell_of_strangers(sources, say)
    return found


def tell_of_strangers(sources: Sources, say: Say) -> None:
    """Say which studies were run into the stores and are none of those that are known."""
    for slug in sorted({s for store in sources.stores for s in store.studies() if s not in sources.known}):
        say(f"warning: {slug} is left out: it is not installed; name its file with --study")


def result_of(found: Found, sources: Sources) -> Result | None:
    """What a store, else the evidence, has of a study, with sample instances; None where it was never run."""
    study = load(found.reference)
    result = next((r for store in sources.stores if (r := _stored(study, store)) is not None), None)
    path = _path(sources, found.slug)
    if result is None and path is not None:
        result = kept(study, path)
    if result is None:
        return None
    if sources.samples is not None and not result.samples:
        result = replace(result, samples=tuple(drawn(study, sources.samples)))
    return replace(result, about=about(found))


def drawn(study: Study, folder: Path) -> Iterator[SampleFile]:
    """Sample instances of a study's tasks, drawn once and kept in the folder."""
    for task in study.tasks:
        place = folder / digest(task)
        if samples.read(task.name, place) is None:
            samples.write(task, place)
        yield from samples.read(task.name, place) or ()


def _stored(study: Study, store: Store) -> Result | None:
    if study.slug not in store.studies():
        return None
    result = replace(recall(study, store), seconds=0.0)  # reading took them, not a run
    return result if result.scores or result.measures else None


def anything(sources: Sources, slug: str) -> bool:
    """Whether a store or the evidence has anything of a study."""
    return _path(sources, slug) is not None or any(slug in s.studies() for s in sources.stores)


def _path(sources: Sources, slug: str) -> Path | None:
    path = None if sources.evidence is None else sources.evidence / f"{slug}.json"
    return path if path is not None and path.exists() else None
