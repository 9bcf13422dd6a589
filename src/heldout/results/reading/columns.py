"""Recognises what the columns of a table are, by their usual names and by what they hold."""

import re
from collections.abc import Mapping, Sequence

from heldout.core.errors import HeldoutError
from heldout.results.reading.layout import Across, Layout, Profile
from heldout.results.reading.names import (
    DESCRIPTIVE,
    LIKE_SYSTEMS,
    LIKE_TASKS,
    SIDES,
    WINNER,
    WORDINGS,
    plain,
    shown,
    usual,
)

WORDS: Mapping[str, str] = {
    "system": "the systems",
    "task": "the tasks",
    "group": "the suite of each task",
    "run": "the runs",
    "step": "the training step",
    "item": "the items",
    "cluster": "what items belong together",
    "score": "the score",
    "n": "outcomes per item",
    "c": "right outcomes per item",
    "measure": "the name of the measure",
    "voter": "who judged",
    "prompt": "the prompt",
    "first": "the first side",
    "second": "the second side",
    "winner": "who won",
    "tie": "whether nobody won",
    "source": "where a row comes from",
}
RUNS = re.compile(r"(seed|run|trial|rep|repeat|fold|replicate)s?[ _#-]*\d+|\d+", re.IGNORECASE)


def recognise(profiles: Sequence[Profile], given: Mapping[str, str], where: str) -> Layout:
    """The layout of a source; `given`: roles to columns as the user says; `where`: the source's name for errors."""
    found = _Finder(profiles, given, where)
    return found.battles() or found.counts() or found.tidy()


class _Finder:
    """The columns of one source that are still free, and the roles given away so far."""

    def __init__(self, profiles: Sequence[Profile], given: Mapping[str, str], where: str) -> None:
        self.profiles, self.where, self.given = profiles, where, given
        self.by_name = {p.name: p for p in profiles}
        self.roles = {role: name for role, name in given.items() if name in self.by_name}
        self.guesses: dict[str, str] = {}

    def free(self) -> list[Profile]:
        return [p for p in self.profiles if p.name not in self.roles.values()]

    def named(self, role: str, *, number: bool | None = None) -> bool:
        """Give a role to the free column of the most telling name; returns whether it has a column now."""
        if role in self.roles:
            return True
        ranked = [(rank, p) for p in self.free() if p.filled and (rank := usual(p.name, role)) is not None]
        fitting = [(rank, p) for rank, p in ranked if number is None or p.number == number]
        if fitting:
            self.roles[role] = min(fitting, key=lambda pair: pair[0])[1].name
        return role in self.roles

    def battles(self) -> Layout | None:
        words = {plain(p.name): p for p in self.profiles}
        if "first" not in self.roles or "second" not in self.roles:
            won = any(w in words for w in WINNER) and not any(
                usual(p.name, "system") is not None for p in self.profiles
            )
            sides = [
                s
                for s in (*SIDES, ("winner", "loser"))
                if all(w in words and (not words[w].number or (won and s[0] != "a" and words[w].whole)) for w in s)
            ]
            if not sides:
                return None
            self.roles["first"], self.roles["second"] = (words[w].name for w in sides[0])
        winners = [words[w].name for w in WINNER if w in words and words[w] in self.free()]
        lost = plain(self.roles["second"]) == "loser"
        if "winner" not in self.roles and winners and not lost:
            self.roles["winner"] = winners[0]
        if "winner" not in self.roles and not lost:
            raise HeldoutError(
                f"{self.where}: battles of {self.roles['first']!r} and {self.roles['second']!r}, but no column says who won: "
                "name it with --columns winner=..."
            )
        for role in ("voter", "prompt"):
            self.named(role)
        drawn = [
            words[w].name for w in ("tie", "draw", "tied", "is_tie", "drawn") if w in words and words[w] in self.free()
        ]
        if drawn and lost:
            self.roles["tie"] = drawn[0]
        return Layout(dict(self.roles), battles=True, notes=self.notes(()))

    def counts(self) -> Layout | None:
        if "score" in self.roles or not (self.named("c", number=True) and self.named("n", number=True)):
            for role in ("c", "n"):
                if role not in self.given:
                    self.roles.pop(role, None)
            return None
        self.keys()
        if "system" not in self.roles:
            self.system_by_content()
        return Layout(dict(self.roles), notes=self.notes(()))

    def keys(self) -> None:
        """The roles that tell rows apart."""
        self.named("system")
        self.named("measure", number=False)
        strong = [p for p in self.free() if usual(p.name, "item") is not None]
        self.named("task")
        self.item(strong)
        if "item" in self.roles or not any(plain(p.name) == "epoch" for p in self.free()):
            self.named("run")
        else:
            self.roles.update({"step": next(p.name for p in self.free() if plain(p.name) == "epoch")})
            self.named("run")
        if "item" not in self.roles and plain(self.roles.get("run", "")) == "sample":
            del self.roles["run"]
        self.named("step", number=True)
        for role in ("group", "cluster") if "item" in self.roles else ("group",):
            self.named(role, number=False if role == "group" else None)
        put = [p for p in self.free() if p.filled and plain(p.name) in WORDINGS]
        if "item" in self.roles and "prompt" not in self.roles and put:
            self.roles["prompt"] = put[0].name

    def item(self, strong: Sequence[Profile]) -> None:
        """The item column; a `problem` or `task_id` of many is one where no other column is."""
        if "item" in self.roles:
            return
        free = [p for p in strong if p in self.free() and plain(p.name) != "id"]
        numbered = [p for p in self.free() if plain(p.name) == "id" and p.distinct < p.filled]
        if free or numbered:
            self.roles["item"] = min(free or numbered, key=lambda p: usual(p.name, "item") or 0).name
            return
        task = self.roles.get("task")
        several = task and plain(task) in ("task_id", "problem") and "task" not in self.given
        if several and ("c" in self.roles or self.by_name[str(task)].distinct > 60):
            self.roles["item"] = self.roles.pop("task")

    def system_by_content(self) -> None:
        """The systems where no name tells: a column of texts that repeat, else the first of texts."""
        texts = [p for p in self.free() if not p.number and p.filled and not DESCRIPTIVE.search(plain(p.name))]
        if texts:
            self.roles["system"] = texts[0].name
            self.guesses["system"] = "a guess, as it holds texts"

    def tidy(self) -> Layout:
        self.keys()
        numbers = [p for p in self.free() if p.number]
        scores = [p for p in numbers if usual(p.name, "score") is not None]
        others = [p for p in numbers if p not in scores and not DESCRIPTIVE.search(plain(p.name))]
        if self.is_wide(scores, others):
            return self.wide(others)
        if "system" not in self.roles:
            self.system_by_content()
        if not self.named("score", number=True):
            self.score_by_content(others or numbers)
        if "task" not in self.roles:
            texts = [p for p in self.free() if not p.number and 1 < p.distinct <= max(p.filled // 2, 1)]
            unknown = [p for p in texts if not DESCRIPTIVE.search(plain(p.name)) and usual(p.name, "group") is None]
            if unknown and "item" not in self.roles and "group" not in self.roles:
                self.roles["task"], self.guesses["task"] = unknown[0].name, "a guess, as it holds texts that repeat"
            elif "group" in self.roles:
                self.roles["task"] = self.roles.pop("group")
        self.need_numbers()
        return Layout(dict(self.roles), notes=self.notes(()))

    def is_wide(self, scores: Sequence[Profile], others: Sequence[Profile]) -> bool:
        if "score" in self.roles or len(others) < 2 or ("item" in self.roles and "system" in self.roles):
            return False
        if all(RUNS.fullmatch(p.name.strip()) for p in others):
            return True
        if "system" in self.roles and "task" in self.roles:
            return False
        return not scores or ("run" not in self.roles and len(others) > len(scores))

    def wide(self, values: Sequence[Profile]) -> Layout:
        names = [p.name for p in values]
        across: Across
        if "system" not in self.roles and not {"task", "item"} & set(self.roles):
            label = next((p for p in self.free() if not p.number and p.filled), None)
            if label is not None:
                self.roles[self.given_rows(label.name, names)] = label.name
            elif len(names) < 2 or all(RUNS.fullmatch(name.strip()) for name in names):
                raise HeldoutError(f"{self.where}: no column names the systems: add one, or --columns system=...")
        across = "task" if "system" in self.roles else "system"
        if all(RUNS.fullmatch(name.strip()) for name in names):
            across = "run"
        elif across == "task" and len(values) >= 20 and all(p.binary for p in values):
            across = "item"
        return Layout(dict(self.roles), tuple(names), across, notes=self.notes(tuple(names), across))

    def given_rows(self, label: str, names: Sequence[str]) -> str:
        """Whether the rows of a wide table are systems or tasks, by well-known names among its columns."""
        if plain(label) not in ("", "name") and usual(label, "group") is not None:
            return "task"
        systems = sum(bool(LIKE_SYSTEMS.search(n.lower())) for n in names)
        tasks = sum(bool(LIKE_TASKS.search(n.lower())) for n in names)
        rows = "task" if systems > tasks else "system"
        other = "system" if rows == "task" else "task"
        self.guesses[rows] = f"a guess; --columns {other}={label} turns the table round"
        return rows

    def score_by_content(self, numbers: Sequence[Profile]) -> None:
        if not numbers:
            texts = shown([p.name for p in self.profiles])
            raise HeldoutError(
                f"{self.where}: no column holds scores (columns: {texts}): name one with --columns score=COLUMN"
            )
        self.roles["score"] = numbers[0].name
        self.guesses["score"] = (
            "the only numbers left" if len(numbers) == 1 else "a guess, the first of several numbers"
        )

    def need_numbers(self) -> None:
        score = self.by_name[self.roles["score"]]
        if not score.number:
            raise HeldoutError(
                f"{self.where}: column {score.name!r} holds text, not scores: name another with --columns score=..."
            )

    def notes(self, values: Sequence[str], across: str = "") -> tuple[str, ...]:
        """A line for every column: what it was taken for, or that it is left out."""
        lines = []
        for role, name in self.roles.items():
            why = " (as you said)" if role in self.given else f" ({self.guesses[role]})" if role in self.guesses else ""
            lines.append(f"column {name!r}: {WORDS[role]}{why}")
        if values:
            lines.append(f"columns {shown(values)}: a {across} each")
        for p in self.free():
            if p.name in values:
                continue
            hint = f"; --columns score={p.name} takes it" if p.number and not values else ""
            lines.append(f"column {p.name!r}: ignored{' (empty)' if not p.filled else hint}")
        return tuple(lines)
