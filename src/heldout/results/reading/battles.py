"""Rows of battles: who met whom and who won."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.results.reading.database import explained, name_of
from heldout.results.reading.layout import Layout
from heldout.results.reading.names import clean, counted, plain, shown
from heldout.results.reading.source import Source
from heldout.results.table import Battles

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

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
        found = connection.execute(" UNION ALL BY NAME ".join(parts)).fetchnumpy()
    cells = {name: _texts(column) for name, column in found.items()}
    first, second = cells["first"], cells["second"]
    outcome = _outcomes(cells.get("winner"), first, second, sources[0].name)
    if "tie" in cells:
        outcome[np.isin(_lower(cells["tie"]), TRUE)] = 0.5
    said: list[str] = []
    good = _usable(first, second, outcome, said)
    names, codes = np.unique(np.concatenate([first[good], second[good]]), return_inverse=True)
    if len(names) < 2:
        raise HeldoutError(f"{sources[0].name}: battles of fewer than two systems: nothing to compare")
    half = len(codes) // 2
    won = outcome[good]
    if len(set(won.tolist())) == 1:
        said.append("every battle ended the same way: always the same side won, or every one was a tie")
    return Battles(
        systems=tuple(names.tolist()),
        first=codes[:half].astype(np.int32),
        second=codes[half:].astype(np.int32),
        outcome=won,
        voter=_coded(cells.get("voter"), good),
        prompt=_coded(cells.get("prompt"), good),
        warnings=tuple(said),
    )


def _select(source: Source, layout: Layout) -> str:
    terms = [f"CAST({name_of(name)} AS VARCHAR) AS {role}" for role, name in layout.roles.items()]
    return f"SELECT {', '.join(terms)} FROM {source.view}"  # noqa: S608 - quoted names


def _texts(column: object) -> np.ndarray:
    """A column as clean texts, "" where it is empty."""
    array = column.filled(None) if isinstance(column, np.ma.MaskedArray) else np.asarray(column, object)
    texts, at = np.unique(np.array(["" if v is None else v for v in array.tolist()], object), return_inverse=True)
    return np.array([clean(t) for t in texts], object)[at]


def _lower(column: np.ndarray) -> np.ndarray:
    return np.array([text.lower() for text in column.tolist()])


def _outcomes(winner: np.ndarray | None, first: np.ndarray, second: np.ndarray, where: str) -> np.ndarray:
    """1, 0.5 or 0 for the first side; NaN where the cell is empty. Without a winner's column the first side won."""
    if winner is None:
        return np.ones(len(first))
    texts, at = np.unique(winner, return_inverse=True)
    signed = {t.strip() for t in texts} <= {"-1", "0", "1", "-1.0", "0.0", "1.0", ""} and bool(
        {"-1", "-1.0"} & set(texts)
    )
    values = np.array([_won(plain_mark(t), signed) for t in texts])
    outcome = values[at]
    outcome[winner == first] = 1.0
    outcome[winner == second] = 0.0
    unknown = np.isinf(outcome)
    if unknown.any():
        odd = sorted(set(winner[unknown].tolist()))
        raise HeldoutError(
            f"{where}: {shown([repr(o) for o in odd])} in the winner's column: write model_a, model_b or tie, or the system's name"
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
    nameless, own, open_ = (first == "") | (second == ""), first == second, np.isnan(outcome)
    for mask, line in (
        (nameless, "without a name: left out"),
        (own & ~nameless, "of a system with itself: left out"),
        (open_ & ~own & ~nameless, "without an outcome: left out"),
    ):
        if mask.any():
            said.append(f"{counted(int(mask.sum()), 'battle')} {line}")
    return ~(nameless | own | open_)


def _coded(column: np.ndarray | None, good: np.ndarray) -> np.ndarray | None:
    return None if column is None else np.unique(column[good], return_inverse=True)[1].astype(np.int32)
