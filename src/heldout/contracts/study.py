"""What a study promises. Each contract takes a study and returns what is wrong in words."""

import copy
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from heldout.core.digest import digest
from heldout.core.discover import load
from heldout.core.errors import HeldoutError
from heldout.core.study import Study

SECONDS = 10.0
"""CPU seconds that a smoke run may take once its programs are compiled."""


def decidable(study: Study) -> tuple[str, ...]:
    """Every claim could be decided within the budget, if all went its way."""
    from heldout.claims import least

    budget = study.budget
    return tuple(
        f"claim {name!r} cannot be decided by {budget.seeds} seeds or {budget.items} items, whatever they show"
        for name in study.claims
        if least(study.claims, name, budget) is None
    )


def runs(study: Study) -> tuple[str, ...]:
    """A smoke run ends in seconds, compiling apart, and no cell of it fails."""
    first, _ = _smoke(study)
    if first:
        return first
    again, took = _smoke(study)  # in this process everything is compiled by now
    return again or ((f"a smoke run takes {took:.0f} CPU seconds beyond compiling",) if took > SECONDS else ())


def _smoke(study: Study) -> tuple[tuple[str, ...], float]:
    from heldout.lab import Options, conduct
    from heldout.store import open_store

    begun = time.process_time()
    with tempfile.TemporaryDirectory(prefix="heldout-contracts-") as folder:
        result = conduct(study, open_store(folder), Options(workers=1, smoke=True))
    return (result.warnings or ("a cell failed",)) if result.failed else (), time.process_time() - begun


def stable(study: Study) -> tuple[str, ...]:
    """Tasks and learners have digests, which a copy shares, and which tell them apart."""
    problems, seen = [], dict[str, str]()
    for kind, thing in _things(study):
        try:
            made, again = digest(thing), digest(copy.deepcopy(thing))
        except HeldoutError as error:
            problems.append(f"{kind} {thing.name!r}: {error}")
            continue
        if made != again:
            problems.append(f"{kind} {thing.name!r}: a copy of it has another digest")
        if made in seen:
            problems.append(f"{kind} {thing.name!r} has the digest of {seen[made]!r}: they differ in name only")
        seen[made] = thing.name
    return tuple(problems)


def same_elsewhere(study: Study, reference: str) -> tuple[str, ...]:
    """Another process, with another hash seed, finds the same digests and the same first items."""
    (there,) = elsewhere([reference])
    here = fingerprint(study)
    return tuple(
        f"{name} is {value} here and {there.get(name)} in another process"
        for name, value in here.items()
        if there.get(name) != value
    )


def elsewhere(references: Sequence[str]) -> list[dict[str, Any]]:
    """The fingerprints of studies as one other process takes them."""
    environment = os.environ | {"PYTHONHASHSEED": "271828"}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "heldout.contracts.study", *references],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    if done.returncode:
        raise HeldoutError(f"another process cannot load it: {(done.stderr.strip() or 'no message').splitlines()[-1]}")
    return json.loads(done.stdout)


def fingerprint(study: Study) -> dict[str, str]:
    """The digests of a study's tasks and learners, by kind and name."""
    return {f"the digest of {kind} {thing.name!r}": digest(thing) for kind, thing in _things(study)}


def named_after_its_file(study: Study, path: Path) -> tuple[str, ...]:
    """The slug in its paper is the name of its file, with hyphens."""
    wanted = path.stem.replace("_", "-")
    return () if study.slug == wanted else (f"its paper's slug is {study.slug!r} and its file's name means {wanted!r}",)


def _things(study: Study) -> list[tuple[str, Any]]:
    return [*(("task", t) for t in study.tasks), *(("learner", x) for x in study.learners)]


if __name__ == "__main__":
    print(json.dumps([fingerprint(load(reference)) for reference in sys.argv[1:]]))  # noqa: T201
