"""Sentences to be turned into logical forms, with test sets that put known words and known structures together anew.

After COGS (Kim and Linzen, 2020), with a grammar and words of our own and forms without variables, as Qiu et al. (2022) write them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.core.seeds import words
from heldout.core.split import IID, TRAIN, Split
from heldout.tasks.formal.translation import END, Pairs, Text, Translation

PEOPLE = ("Ava", "Ben", "Clara", "David", "Ella", "Finn")
NOUNS = ("cat", "child", "cook", "dog", "farmer", "girl", "horse", "king", "nurse", "pilot")
THINGS = ("apple", "boat", "book", "box", "cake", "chair", "drum", "garden", "house", "table")
TRANSITIVE = {"ate": "eat", "broke": "break", "found": "find", "moved": "move", "saw": "see", "wanted": "want"}
PARTICIPLES = {"eaten": "eat", "broken": "break", "found": "find", "moved": "move", "seen": "see", "wanted": "want"}
INTRANSITIVE = {"ran": "run", "slept": "sleep", "smiled": "smile", "waited": "wait"}
CLAUSAL = {"hoped": "hope", "said": "say", "thought": "think"}
PLACES = ("beside", "in", "on")

ACTOR, OBJECT, ALONE, ACTIVE = "otter", "lantern", "shark", "painted"
"""In training: a noun that only acts, one that is only acted on, one that stands only by itself, and a verb without a passive."""

TRAINED = 2
"""The deepest nesting of places, and of clauses, that is trained on."""
DEEPEST = 8
LEAST, MOST = 200, 30_000
"""How many sentences may be trained on."""
ASKED = 500
"""Sentences of every test split."""
RARE = 0.02
"""The share of training sentences for each of the four held words."""


class Form(NamedTuple):
    """A phrase's words, and the tokens of its logical form."""

    words: Text
    form: Text


class Shape(NamedTuple):
    """What a sentence is to be made of. `clause`: one of the kinds, "" for any; `nouns`: by role (agent, theme), where fixed."""

    clauses: int = 0
    places: int = 0
    subject_places: int = 0
    clause: str = ""
    nouns: Mapping[str, str] = {}
    verb: str = ""


@dataclass(frozen=True)
class LogicalForms(Translation):
    """Give the logical form of a sentence, trained on sentences that lack some combinations.

    `lexical`: a noun where it never stood (as an object, as a subject, in a sentence at all), or a verb that was never passive.
    `subject place`: a place told of the subject, where training told it of objects only. `place depth`, `clause depth`: more places
    within places, or clauses within clauses, than two. `sentences`: how many are trained on. `depths`: the depths asked about.

    `the cat ate a cake` is eat ( agent = * cat , theme = cake ). `Ava said that Ben slept` is say ( agent = Ava , ccomp = sleep (
    agent = Ben ) ).
    """

    sentences: int = 4000
    depths: tuple[int, ...] = (3, 4)
    label: str = field(default="", compare=False)

    version: ClassVar[int] = 1

    def __post_init__(self) -> None:
        if not LEAST <= self.sentences <= MOST:
            raise HeldoutError(f"sentences={self.sentences} must lie between {LEAST} and {MOST:,}")
        if not self.depths or any(not TRAINED < d <= DEEPEST for d in self.depths):
            raise HeldoutError(f"depths={self.depths} must lie between {TRAINED + 1} and {DEEPEST}")

    @property
    def name(self) -> str:
        """The name in tables."""
        return self.label or f"logical forms, {self.sentences:,} sentences"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and what combines words and structures anew."""
        lexical = [Split(f"{one} {how}", "lexical", None, how) for one, how in LEXICAL]
        deep = [Split(f"{kind} depth {d}", f"{kind} depth", d) for kind in ("place", "clause") for d in self.depths]
        return TRAIN, IID, *lexical, Split("place of a subject", "subject place"), *deep

    @property
    def pairs(self) -> Pairs:
        """The table."""
        return laid_out(self)


LEXICAL = ((ACTOR, "as object"), (OBJECT, "as subject"), (ALONE, "in a sentence"), (ACTIVE, "in the passive"))


def noun_phrase(rng: np.random.Generator, noun: str, places: int) -> Form:
    """A noun with its article, and so many places, each of the one before it."""
    article = ("a", "the")[rng.integers(2)]
    said, form = (article, noun), (("*", noun) if article == "the" else (noun,))
    if not places:
        return Form(said, form)
    where = PLACES[rng.integers(len(PLACES))]
    inner = noun_phrase(rng, _one(rng, THINGS), places - 1)
    return Form((*said, where, *inner.words), (*form, "(", f"nmod.{where}", "=", *inner.form, ")"))


def sentence(rng: np.random.Generator, shape: Shape) -> Form:
    """A sentence of a shape."""
    if shape.clauses:
        who, verb = _agent(rng, Shape()), _one(rng, tuple(CLAUSAL))
        inner = sentence(rng, shape._replace(clauses=shape.clauses - 1))
        form = (CLAUSAL[verb], "(", "agent", "=", *who.form, ",", "ccomp", "=", *inner.form, ")")
        return Form((*who.words, verb, "that", *inner.words), form)
    kind = shape.clause or (
        "transitive" if shape.places else _one(rng, ("transitive", "intransitive", "passive", "passive by"))
    )
    if kind == "intransitive":
        who, verb = _agent(rng, shape), _one(rng, tuple(INTRANSITIVE))
        return Form((*who.words, verb), (INTRANSITIVE[verb], "(", "agent", "=", *who.form, ")"))
    if kind == "transitive":
        return _transitive(rng, shape)
    verb, name = ("painted", "paint") if shape.verb else _pair(rng, PARTICIPLES)
    what = noun_phrase(rng, shape.nouns.get("theme") or _one(rng, THINGS), 0)
    who = _agent(rng, shape) if kind == "passive by" else None
    more = (",", "agent", "=", *who.form) if who else ()
    return Form(
        (*what.words, "was", verb, *(("by", *who.words) if who else ())),
        (name, "(", "theme", "=", *what.form, *more, ")"),
    )


def _transitive(rng: np.random.Generator, shape: Shape) -> Form:
    who = _agent(rng, shape)
    verb, name = ("painted", "paint") if shape.verb else _pair(rng, TRANSITIVE)
    what = noun_phrase(rng, shape.nouns.get("theme") or _one(rng, THINGS), shape.places)
    return Form(
        (*who.words, verb, *what.words), (name, "(", "agent", "=", *who.form, ",", "theme", "=", *what.form, ")")
    )


def _agent(rng: np.random.Generator, shape: Shape) -> Form:
    noun = shape.nouns.get("agent")
    if noun is None and not shape.subject_places and rng.random() < 0.5:
        name = _one(rng, PEOPLE)
        return Form((name,), (name,))
    return noun_phrase(rng, noun or _one(rng, NOUNS), shape.subject_places)


def _one(rng: np.random.Generator, known: Text) -> str:
    return known[rng.integers(len(known))]


def _pair(rng: np.random.Generator, verbs: Mapping[str, str]) -> tuple[str, str]:
    said = _one(rng, tuple(verbs))
    return said, verbs[said]


def _trained(rng: np.random.Generator) -> Form:
    """A sentence as training has them."""
    number = rng.random()
    if number < RARE:
        return sentence(rng, Shape(clause=_one(rng, ("transitive", "intransitive")), nouns={"agent": ACTOR}))
    if number < 2 * RARE:
        return sentence(rng, Shape(clause="transitive", nouns={"theme": OBJECT}))
    if number < 3 * RARE:
        return sentence(rng, Shape(clause="transitive", verb=ACTIVE))
    places, clauses = (int(rng.choice(TRAINED + 1, p=p)) for p in ((0.6, 0.25, 0.15), (0.7, 0.2, 0.1)))
    return sentence(rng, Shape(clauses, places))


def _shapes(task: LogicalForms) -> dict[str, tuple[Shape, ...]]:
    """The shapes of every shifted split."""
    transitive, passive = Shape(clause="transitive"), Shape(clause="passive by", verb=ACTIVE)
    found = {
        "as object": (transitive._replace(nouns={"theme": ACTOR}),),
        "as subject": tuple(Shape(clause=c, nouns={"agent": OBJECT}) for c in ("transitive", "intransitive")),
        "in a sentence": tuple(transitive._replace(nouns={role: ALONE}) for role in ("agent", "theme")),
        "in the passive": (passive, passive._replace(clause="passive")),
    }
    made = {f"{one} {how}": found[how] for one, how in LEXICAL}
    made["place of a subject"] = tuple(Shape(subject_places=1, clause=c) for c in ("transitive", "intransitive"))
    for depth in task.depths:
        made |= {f"place depth {depth}": (Shape(places=depth),), f"clause depth {depth}": (Shape(clauses=depth),)}
    return made


@lru_cache(maxsize=16)
def laid_out(task: LogicalForms) -> Pairs:
    """All sentences with their splits, the same in every process; none stands twice."""
    rng = words("logical forms", task.sentences, *task.depths).generator()
    alone = Form((ALONE,), (ALONE,))
    known: dict[Form, None] = {alone: None}
    while len(known) < task.sentences + ASKED:
        known.setdefault(_trained(rng))
    every = list(known)
    parts = {"train": [alone, *every[1 + ASKED :]], "iid": every[1 : 1 + ASKED]}
    for split, shapes in _shapes(task).items():
        parts[split] = _drawn(rng, shapes, known)
    ends = np.cumsum([len(part) for part in parts.values()])
    rows = {name: np.arange(end - len(part), end) for (name, part), end in zip(parts.items(), ends, strict=True)}
    whole = [one for part in parts.values() for one in part]
    facts = {"tokens": np.array([len(one.form) for one in whole], np.float32)}
    weights = np.ones(len(parts["train"]))
    weights[0] = RARE * (len(weights) - 1) / (1 - RARE)
    return Pairs([one.words for one in whole], [(*one.form, END) for one in whole], rows, facts, weights)


def _drawn(rng: np.random.Generator, shapes: tuple[Shape, ...], known: Mapping[Form, None]) -> list[Form]:
    """Different sentences of some shapes, `ASKED` of them or, where there are fewer, as many as come in many draws."""
    found: dict[Form, None] = {}
    for i in range(20 * ASKED):
        one = sentence(rng, shapes[i % len(shapes)])
        if one not in known:
            found.setdefault(one)
        if len(found) == ASKED:
            break
    return list(found)
