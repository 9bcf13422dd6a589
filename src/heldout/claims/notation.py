"""Claims written as text: `score(digits, cnn, "noise") > score(digits, mlp, "noise") + 0.1`.

Python's own parser reads the text, a whitelist of nodes walks it, and nothing is ever evaluated.
"""

import ast
import inspect
import math
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from heldout.core import claim as claims
from heldout.core import curve, expression
from heldout.core.claim import Claim
from heldout.core.errors import HeldoutError
from heldout.core.measure import AtBest, AtLast, AtStep, Measure
from heldout.core.split import At
from heldout.measures.churn import churn

LONGEST, DEEPEST = 4000, 60
"""Characters, and levels of nesting, that a claim may have."""

WORDS: Mapping[str, Callable[..., Any]] = {
    "score": expression.score,
    "worst": expression.worst,
    "gap": expression.gap,
    "steps_to": expression.steps_to,
    "slope": curve.slope,
    "halving": curve.halving,
    "hardest": curve.hardest,
    "forgetting": expression.forgetting,
    "churn": churn,
    "mean": expression.mean,
    "log": expression.log,
    "exact": expression.exact,
    "trend": expression.trend,
    "rank_correlation": expression.rank_correlation,
    "wins": expression.wins,
    "At": At,
    "near": claims.near,
    "ordered": claims.ordered,
    "all_of": claims.all_of,
    "at_least": claims.at_least,
    "given": lambda claim, condition: claim.given(condition),
}
METHODS = ("given", "near")
CELLS = ("score", "worst", "gap", "steps_to", "slope", "halving", "hardest", "forgetting", "churn")
OPERATORS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: lambda a, b: a + b,
    ast.Sub: lambda a, b: a - b,
    ast.Mult: lambda a, b: a * b,
    ast.Gt: lambda a, b: a > b,
    ast.Lt: lambda a, b: a < b,
}


def parse(text: str, names: Mapping[str, Any]) -> Claim:
    """The claim that `text` states, of the tasks and learners in `names`. HeldoutError names the column of what is amiss.

    Tasks and learners stand by name, quoted where the name is no identifier. `and` joins claims, as `all_of` does; what
    `Claim.text` prints of comparisons, `and`, `within` and `given` is read back.
    """
    if len(text) > LONGEST:
        raise HeldoutError(f"a claim of {len(text)} characters: at most {LONGEST} are read")
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    deepest = max(deepest, text.count(" and ") + text.count(", given "))
    if deepest > DEEPEST:
        raise HeldoutError(f"a claim nested or chained {deepest} times: at most {DEEPEST} are read")
    source = _Text(text, 0, names)
    found = _claim(source)
    if not _sound(found):
        source.fail(0, "a measure is missing where one is needed, or a number is not finite")
    return found


def _sound(claim: Any) -> bool:
    """Whether a claim consists of claims, measures and finite numbers throughout: words are called with anything at first."""
    if isinstance(claim, claims.AllOf | claims.AtLeast):
        return bool(claim.parts) and all(map(_sound, claim.parts))
    if isinstance(claim, claims.Given):
        return _sound(claim.part) and _sound(claim.condition)
    if not isinstance(claim, claims.Compare | claims.Near):
        return False
    numbers = (claim.bound,) if isinstance(claim, claims.Compare) else (claim.target, claim.margin)
    return all(map(math.isfinite, numbers)) and _whole(claim.measure)


def _whole(measure: Any) -> bool:
    if not isinstance(measure, Measure):
        return False
    if isinstance(measure, expression.Linear) and not all(math.isfinite(w) for w, _ in measure.terms):
        return False
    if isinstance(measure, expression.RankCorrelation):
        return all(map(_whole, measure.measures)) and all(
            isinstance(a, float | int) or _whole(a) for a in measure.against
        )
    return all(map(_whole, measure.parts))


@dataclass(frozen=True)
class _Text:
    """Part of a claim's text, where it starts, and the names that it may use."""

    text: str
    start: int
    names: Mapping[str, Any]

    def part(self, begin: int, end: int | None = None) -> "_Text":
        return _Text(self.text[begin:end], self.start + begin, self.names)

    def find(self, mark: str) -> int:
        """Where the last `mark` outside brackets and quotes begins; -1 if nowhere."""
        depth, quote, found = 0, "", -1
        for i, character in enumerate(self.text):
            if quote:
                quote = "" if character == quote else quote
            elif character in "'\"":
                quote = character
            else:
                depth += (character in "([{") - (character in ")]}")
                found = i if depth == 0 and self.text.startswith(mark, i) else found
        return found

    def fail(self, column: int, why: str) -> NoReturn:
        raise HeldoutError(f"claim, column {self.start + column + 1}: {why}")


def _claim(source: _Text) -> Claim:
    """Undo what only `Claim.text` writes, then read the rest as an expression."""
    if (at := source.find(", given ")) >= 0:
        return _claim(source.part(0, at)).given(_claim(source.part(at + 8)))
    if (at := source.find(" and ")) >= 0:
        first, last = _claim(source.part(0, at)), _claim(source.part(at + 5))
        return claims.all_of(*(first.parts if isinstance(first, claims.AllOf) else (first,)), last)
    if (at := source.find(" within ")) >= 0 and (of := source.find(" of ")) > at:
        left, margin, right = _value(source.part(0, at)), _value(source.part(at + 8, of)), _value(source.part(of + 4))
        try:
            return claims.near(left, right, margin)
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            source.fail(at + 1, "this makes no sense here: write MEASURE within NUMBER of MEASURE, or of a number")
    found = _value(source)
    if not isinstance(found, Claim):
        source.fail(0, "this is not a claim: compare a measure with something, such as `score(task, learner) > 0.9`")
    return found


def _value(source: _Text) -> Any:
    stripped = source.text.lstrip()
    source = _Text(stripped.rstrip(), source.start + len(source.text) - len(stripped), source.names)
    try:
        with warnings.catch_warnings(action="ignore"):  # of what Python thinks odd: most of it is refused anyway
            tree = ast.parse(source.text, mode="eval")
    except SyntaxError as error:
        source.fail((error.offset or 1) - 1, f"cannot be read: {error.msg}")
    except (RecursionError, MemoryError, ValueError):
        source.fail(0, "too deep, or not text")
    return _Walk(source).node(tree.body, 0)


@dataclass(frozen=True)
class _Walk:
    source: _Text

    def node(self, node: ast.expr, depth: int) -> Any:
        """The value of one node; every kind that is not here is refused."""
        if depth > DEEPEST:
            self.source.fail(node.col_offset, f"nested more than {DEEPEST} deep")
        try:
            return self._known(node, depth + 1)
        except HeldoutError as error:
            if str(error).startswith("claim, column"):
                raise
            self.source.fail(node.col_offset, str(error))
        except (TypeError, ValueError, AttributeError, ArithmeticError):
            self.source.fail(node.col_offset, f"`{_written(node)}` makes no sense here")

    def _known(self, node: ast.expr, depth: int) -> Any:
        if isinstance(node, ast.Name):
            return self._name(node.id, node)
        if isinstance(node, ast.List | ast.Tuple):
            found = [self.node(e, depth) for e in node.elts]
            return tuple(found) if isinstance(node, ast.Tuple) else found
        if isinstance(node, ast.Compare):
            return self._compare(node, depth)
        if isinstance(node, ast.Call):
            return self._call(node, depth)
        return self._number(node, depth)

    def _number(self, node: ast.expr, depth: int) -> Any:
        """A constant, or arithmetic."""
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            return -self.node(node.operand, depth)
        if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
            return OPERATORS[type(node.op)](self.node(node.left, depth), self.node(node.right, depth))
        value = node.value if isinstance(node, ast.Constant) else None
        number = type(value) in (int, float) and math.isfinite(float(value))  # pyright: ignore[reportArgumentType]
        if not number and type(value) is not str:
            self.source.fail(node.col_offset, f"`{_written(node)}` is not part of the notation")
        return value

    def _name(self, name: str, node: ast.expr) -> Any:
        if name not in self.source.names:
            known = ", ".join(list(self.source.names)[:12])
            self.source.fail(node.col_offset, f"nothing is called {name[:60]!r}; there is {known}")
        return self.source.names[name]

    def _compare(self, node: ast.Compare, depth: int) -> Any:
        if len(node.ops) != 1 or type(node.ops[0]) not in OPERATORS:
            self.source.fail(node.col_offset, "compare two things with > or <; for a chain write ordered(a, b, c)")
        left, right = self.node(node.left, depth), self.node(node.comparators[0], depth)
        if not isinstance(left, Measure) and not isinstance(right, Measure):
            self.source.fail(node.col_offset, "one side of a comparison must be a measure")
        return OPERATORS[type(node.ops[0])](left, right)

    def _call(self, node: ast.Call, depth: int) -> Any:
        if isinstance(node.func, ast.Attribute) and node.func.attr in METHODS:
            first, word = [self.node(node.func.value, depth)], node.func.attr
        elif isinstance(node.func, ast.Name) and node.func.id in WORDS:
            first, word = [], node.func.id
        else:
            self.source.fail(node.col_offset, f"`{_written(node.func)[:40]}` is not one of {', '.join(WORDS)}")
        given = [self._argument(word, i, a, depth) for i, a in enumerate(node.args)]
        named = {k.arg: self._argument(word, k.arg, k.value, depth) for k in node.keywords if k.arg}
        for name, value in inspect.signature(WORDS[word]).bind(*first, *given, **named).arguments.items():
            if (word in CELLS and not self._fits(name, value)) or (
                word == "At" and not isinstance(value, (float, int) if name == "level" else str)
            ):
                self.source.fail(node.col_offset, f"{word}() cannot have such a {name}")
        return WORDS[word](*first, *given, **named)

    def _fits(self, name: str, value: Any) -> bool:
        """Whether something can be that argument of a cell: levels, shares and the like are numbers."""
        if name in ("task", "learner", "on"):
            return any(value is thing for thing in self.source.names.values())
        kinds = {"where": (str, At), "axis": (str, At), "probe": (str,), "at": (AtLast, AtStep, AtBest)}
        return isinstance(value, kinds.get(name, (int, float)))

    def _argument(self, word: str, place: int | str, node: ast.expr, depth: int) -> Any:
        """Tasks and learners by their names, also quoted; a split's name also unquoted, and `axis[group, 0.5]`."""
        cell = word in CELLS
        if cell and place in (0, 1) and isinstance(node, ast.Constant) and isinstance(node.value, str):
            return self._name(node.value, node)
        if cell and place in (2, "where", "axis") and isinstance(node, ast.Name):
            return node.id
        if cell and place == 2 and isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            inside = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            words = [e.id if isinstance(e, ast.Name) else self.node(e, depth) for e in inside]
            level = next((float(w) for w in words if not isinstance(w, str)), None)
            return At(node.value.id, level, next((w for w in words if isinstance(w, str)), None))
        return self.node(node, depth)


def _written(node: ast.AST) -> str:
    try:
        return ast.unparse(node)[:80]
    except RecursionError:
        return "this"
