"""What a user may say about a table before it is read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from heldout.core.errors import HeldoutError
from heldout.results.reading.names import ROLES

MORE = ("first", "second", "winner")


@dataclass(frozen=True)
class Reading:
    """How to read a table.

    `columns`: role (system, task, run, item, score ...) to the name of a column; `{"measure": "metric:f1"}` also says which
    value of that column is wanted. `normalise`: none, min-max (every task to 0..1), or `reference FILE`, a table with a
    row per task and the columns `low` and `high`.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    lower_is_better: bool = False
    normalise: str = "none"

    def __post_init__(self) -> None:
        for role in self.columns:
            if role not in ROLES and role not in MORE:
                known = ", ".join((*ROLES, *MORE))
                raise HeldoutError(f"--columns {role}=...: no such role; take one of {known}")
        word = self.normalise.replace("=", " ").replace(":", " ").split(" ", 1)
        if word[0] not in ("none", "min-max", "reference") or (word[0] == "reference") != (len(word) == 2):
            raise HeldoutError(f"--normalise {self.normalise!r}: take none, min-max or reference FILE")

    @property
    def reference(self) -> str:
        """The reference table's path, or ""."""
        return self.normalise[len("reference") + 1 :] if self.normalise.startswith("reference") else ""
