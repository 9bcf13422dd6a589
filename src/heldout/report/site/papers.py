"""The papers that heldout knows of, whether it has a study of them or not: one data file, written by hand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from importlib.resources import files
from typing import Any

from heldout.core.errors import HeldoutError

ROLES = ("task", "learner", "measure", "diagnostic", "study")
"""What a paper mostly brings."""


@dataclass(frozen=True)
class Paper:
    """One paper. `role`: one of `ROLES`. `about`: what it brings, in a line of ours. `claim`: what a study of it would decide."""

    slug: str
    title: str
    theme: str
    role: str
    about: str
    claim: str


@lru_cache(maxsize=1)
def papers() -> tuple[Paper, ...]:
    """Every paper of `papers.toml`, in its order. HeldoutError names an entry that lacks something."""
    text = files("heldout.report.site").joinpath("papers.toml").read_text(encoding="utf-8")
    made = tuple(_paper(one) for one in tomllib.loads(text)["paper"])
    twice = {p.slug for i, p in enumerate(made) if any(p.slug == q.slug for q in made[:i])}
    if twice:
        raise HeldoutError(f"papers.toml has {', '.join(sorted(twice))} twice")
    return made


def _paper(entry: Mapping[str, Any]) -> Paper:
    names = [f.name for f in fields(Paper)]
    if sorted(entry) != sorted(names) or not all(isinstance(v, str) for v in entry.values()):
        raise HeldoutError(f"papers.toml: {entry.get('slug', entry)!r:.80} must have {', '.join(names)}, each a text")
    if entry["role"] not in ROLES:
        raise HeldoutError(
            f"papers.toml: the role of {entry['slug']} is {entry['role']!r}: it is one of {', '.join(ROLES)}"
        )
    return Paper(**entry)
