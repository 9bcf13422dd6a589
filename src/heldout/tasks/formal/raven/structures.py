"""Structures of PGM (Barrett et al., 2018), sets of triples, and what each of its eight regimes keeps from training."""

from collections.abc import Callable
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from heldout.tasks.formal.raven.relations import FIELDS, ORDERED, RELATIONS, TRIPLES, Triple

VALUES = max(FIELDS.values())
OBJECTS, ATTRIBUTES = ("shape", "line"), ("colour", "number", "position", "size", "type")
WORDS = (*OBJECTS, *ATTRIBUTES, *RELATIONS)
"""What the twelve bits of a meta-target stand for: whether it occurs in the structure."""

Field = tuple[str, str]
Structure = tuple[Triple, ...]

SHIFTED = {
    "interpolation": "odd values",
    "extrapolation": "upper values",
    "attribute pairs": "held-out attribute pairs",
    "triple pairs": "held-out pairs of triples",
    "triples": "held-out triples",
    "line type": "rules of line type",
    "shape colour": "rules of shape colour",
}
"""The split that each regime but the neutral one adds."""
REGIMES = ("neutral", *SHIFTED)
PARTED = ("interpolation", "extrapolation")
"""Regimes that part the values of ordered attributes; all their structures rule one."""

HELD_PAIRS = ({"size", "type"}, {"number", "position"})
HELD_TRIPLES: tuple[Triple, ...] = (
    ("OR", "shape", "size"),
    ("progression", "shape", "colour"),
    ("progression", "shape", "number"),
    ("AND", "shape", "position"),
    ("consistent union", "shape", "type"),
    ("OR", "line", "colour"),
    ("XOR", "line", "type"),
)
"""One of each field, and each relation at least once: seven of 29, as in the paper."""
TENTH = 10
"""One pair of triples in so many is held out."""


class Plan(NamedTuple):
    """What puzzles of a split may be like.

    `structures`: (s, rules, 2) the relation and the field of every triple, as indices. `pools`: (fields, 10) which values occur.
    """

    structures: np.ndarray
    pools: np.ndarray


def plan(regime: str, fields: tuple[Field, ...], rules: int, *, shifted: bool) -> Plan:
    """The plan of a regime's training and iid puzzles, or of its shifted ones."""
    kept = [s for s in structures(fields, rules) if regime in PARTED or held_out(regime, s) == shifted]
    if regime in PARTED:
        kept = [s for s in kept if any(attribute in ORDERED for _, _, attribute in s)]
    coded = [[(RELATIONS.index(r), fields.index((o, a))) for r, o, a in s] for s in kept]
    return Plan(np.array(coded, np.int32).reshape(-1, rules, 2), np.stack([pool(regime, f, shifted) for f in fields]))


def structures(fields: tuple[Field, ...], rules: int) -> list[Structure]:
    """All sets of so many triples that rule as many different fields."""
    by_field = [[t for t in TRIPLES if t[1:] == field] for field in fields]
    return [made for chosen in combinations(by_field, rules) for made in product(*chosen)]


def held_out(regime: str, structure: Structure) -> bool:
    """Whether a regime keeps a structure from training."""
    return regime in _HELD and _HELD[regime](structure)


def pool(regime: str, field: Field, shifted: bool) -> np.ndarray:
    """(10,) which values of a field occur."""
    values = np.arange(VALUES)
    every = values < FIELDS[field]
    if regime not in PARTED or field[1] not in ORDERED:
        return every
    later = values % 2 == 1 if regime == "interpolation" else values >= FIELDS[field] // 2
    return every & (later == shifted)


def told(structures: np.ndarray, fields: tuple[Field, ...]) -> np.ndarray:
    """(s, 12) the meta-targets of (s, rules, 2) structures: which words occur in any of the triples."""
    words = [{w for r, f in s for w in (RELATIONS[r], *fields[f])} for s in structures]
    return np.array([[w in some for w in WORDS] for some in words], np.float32).reshape(-1, len(WORDS))


def _pair_of_attributes(structure: Structure) -> bool:
    return any({a[2], b[2]} in HELD_PAIRS for a, b in combinations(structure, 2))


def _pair_of_triples(structure: Structure) -> bool:
    places = sorted(TRIPLES.index(t) for t in structure)
    return any((i + 3 * j) % TENTH == 0 for i, j in combinations(places, 2))


_HELD: dict[str, Callable[[Structure], bool]] = {
    "attribute pairs": _pair_of_attributes,
    "triple pairs": _pair_of_triples,
    "triples": lambda s: any(t in HELD_TRIPLES for t in s),
    "line type": lambda s: any(t[1:] == ("line", "type") for t in s),
    "shape colour": lambda s: any(t[1:] == ("shape", "colour") for t in s),
}
