"""Rows of battles: who met whom and who won."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.database import explained, name_of
from heldout.results.reading.layout import Layout
from heldout.results.reading.names import counted, plain, shown
from heldout.results.reading.rows import codes
from heldout.results.reading.source import Source
from heldout.results.table import Battles

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Coded = tuple[tuple[str, ...], np.ndarray]
"""Distinct texts and each row's code, -1 where the cell is empty."""

FIRST = (
    "a",
    "first",
    "left",
    "1",
    "1.0",
    "win",
    "model_1",
    "model1",
    "system_1",
    "player1",
    "white",
    "home",
    "m",
    "[[a]]",
)
TRUE = ("1", "1.0", "true", "yes", "tie", "draw")
SECOND = (
    "b",
    "second",
    "right",
    "2",
    "2.0",
    "-1",
    "-1.0",
    "0",
    "0.0",
    "loss",
    "model_2",
    "model2",
    "system_2",
    "player2",
    "black",
    "away",
    "[[b]]",
)
TIE = (
    "tie",
    "draw",
    "0.5",
    "both",
    "neither",
    "tie (bothbad)",
    "tie(bothbad)",
    "bothbad",
    "both_bad",
    "equal",
    "same",
    "[[c]]",
    "none",
)


def fight(connection: "DuckDBPyConnection", sources: Sequence[Source], layouts: Sequence[Layout]) -> Battles:
    """The battles of all sources together."""
    parts = [_select(s, one) for s, one in zip(sources, layouts, strict=True)]
    with explained(sources[0].name):
        connection.execute(f"CREATE TEMP TABLE gathered AS {' UNION ALL BY NAME '.join(parts)}")
        roles = [row[0] for row in connection.execute("DESCRIBE gathered").fetchall()]
    size = sum(s.size for s in sources)
    cells = {role: codes(connection, role, size, sources[0].name) for role in roles}
    names = sorted({name for role in ("first", "second") for name in cells[role][0]})
    place = {name: i for i, name in enumerate(names)}
    first, second = (_placed(*cells[role], place) for role in ("first", "second"))
    outcome = _outcomes(cells.get("winner"), (first, second), place, sources[0].name)
    if "tie" in cells:
        words, at = cells["tie"]
        outcome[np.array([*(w.lower() in TRUE for w in words), False])[at]] = 0.5
    said: list[str] = []
    good = _usable(first, second, outcome, said)
    there = np.zeros(len(names), bool)
    there[first[good]] = there[second[good]] = True
    present, place_of = np.flatnonzero(there), np.cumsum(there, dtype=np.int32) - 1
    if len(present) < 2:
        raise HeldoutError(f"{sources[0].name}: battles of fewer than two systems: nothing to compare")
    won = outcome[good]
    if (won == won[0]).all():
        said.append("every battle ended the same way: always the same side won, or every one was a tie")
    return Battles(
        systems=tuple(names[i] for i in present),
        first=place_of[first[good]],
        second=place_of[second[good]],
        outcome=won,
        voter=_coded(cells.get("voter"), good),
        prompt=_coded(cells.get("prompt"), good),
        warnings=tuple(said),
    )


def _select(source: Source, layout: Layout) -> str:
    terms = [f"CAST({name_of(name)} AS VARCHAR) AS {role}" for role, name in layout.roles.items()]
    return f"SELECT {', '.join(terms)} FROM {source.view}"  # noqa: S608 - quoted names


def _placed(names: Sequence[str], at: np.ndarray, place: Mapping[str, int]) -> np.ndarray:
    """Codes among all systems; -1 where a cell is empty, -2 where it names none."""
    return np.array([*(place.get(name, -2) for name in names), -1], np.int32)[at]


def _outcomes(
    winner: Coded | None, sides: tuple[np.ndarray, np.ndarray], place: Mapping[str, int], where: str
) -> np.ndarray:
    """1, 0.5 or 0 for the first side; NaN where the cell is empty. Without a winner's column the first side won."""
    first, second = sides
    if winner is None:
        return np.ones(len(first))
    texts, at = winner
    signed = set(texts) <= {"-1", "0", "1", "-1.0", "0.0", "1.0"} and bool({"-1", "-1.0"} & set(texts))
    outcome = np.array([*(_won(plain_mark(t), signed) for t in texts), np.nan])[at]
    named = _placed(texts, at, place)
    outcome[(named == first) & (named >= 0)] = 1.0
    outcome[(named == second) & (named >= 0)] = 0.0
    numbers = {t.strip().removesuffix(".0") for t in texts if t not in place}
    if {"0", "2"} <= numbers:
        raise HeldoutError(
            f"{where}: 0 and 2 in the winner's column: one of them may be a tie; write model_a, model_b or tie"
        )
    unknown = np.isinf(outcome)
    if unknown.any():
        odd = [repr(texts[i]) for i in np.unique(at[unknown])]
        raise HeldoutError(
            f"{where}: {shown(odd)} in the winner's column: write model_a, model_b or tie, or the system's name"
        )
    return outcome


def plain_mark(text: str) -> str:
    """A winner's cell without what only says that a side is meant: `Model A` is `a`."""
    word = text.strip().lower()
    for prefix in ("model_", "system_", "agent_", "player_", "model ", "system ", "assistant_", "assistant "):
        word = word.removeprefix(prefix)
    return word


def _won(word: str, signed: bool) -> float:
    if not word:
        return np.nan
    if signed and word in ("0", "0.0"):
        return 0.5
    if word in TIE or word.startswith("tie") or plain(word) in TIE:
        return 0.5
    return 1.0 if word in FIRST else 0.0 if word in SECOND else np.inf


def _usable(first: np.ndarray, second: np.ndarray, outcome: np.ndarray, said: list[str]) -> np.ndarray:
    nameless, own, open_ = (first < 0) | (second < 0), first == second, np.isnan(outcome)
    for mask, line in (
        (nameless, "without a name: left out"),
        (own & ~nameless, "of a system with itself: left out"),
        (open_ & ~own & ~nameless, "without an outcome: left out"),
    ):
        if mask.any():
            said.append(f"{counted(int(mask.sum()), 'battle')} {line}")
    return ~(nameless | own | open_)


def _coded(column: Coded | None, good: np.ndarray) -> np.ndarray | None:
    """Codes of voters or prompts; an empty cell is one of its own."""
    if column is None:
        return None
    names, at = column
    unnamed = len(names) + np.arange(len(at))
    return np.unique(np.where(at < 0, unnamed, at)[good], return_inverse=True)[1].astype(np.int32)
