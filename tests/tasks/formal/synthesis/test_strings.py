"""The functions on strings against plain Python, and the task that they make."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.synthesis import table
from heldout.tasks.formal.synthesis.language import ABSENT
from heldout.tasks.formal.synthesis.string_language import SYMBOLS, drawn, strings
from heldout.tasks.formal.synthesis.strings import Strings
from heldout.tasks.formal.synthesis.synthesis import laid_out

SIZE = 8
LANGUAGE = strings(SIZE)
RNG = np.random.default_rng(0)
KEY = jax.random.key(0)


def nth(pattern, text, which):
    found = re.findall(pattern, text)
    return found[which] if which < len(found) else ""


SPANS = {"first": slice(0, 1), "second": slice(1, 2), "first two": slice(0, 2), "third": slice(2, 3)}
PLAIN = {
    "SubStr": lambda s, a: s[SPANS[a]],
    "GetToken": lambda s, a: nth(r"\d+" if "number" in a else r"[a-zA-Z]+", s, "second" in a),
    "GetUpto": lambda s, _: (re.match(r"[^- ]*[- ]?", s) or [""])[0],
    "GetFrom": lambda s, _: ([*re.split("[- ]", s, maxsplit=1), ""])[1],
    "ToCase": lambda s, a: {
        "lower": s.lower(),
        "upper": s.upper(),
        "proper": re.sub("[a-zA-Z]+", lambda m: m[0].capitalize(), s),
    }[a],
    "GetAll": lambda s, a: "".join(c for c in s if (c.isalpha() if a == "letters" else c.isdigit())),
    "Replace": lambda s, _: s.replace("-", " "),
    "Reverse": lambda s, _: s[::-1],
    "Const": lambda _, a: a.strip("'"),
}


def coded(texts):
    return np.array([[*map(SYMBOLS.index, t), *[ABSENT] * (SIZE - len(t))] for t in texts])


def plain(array):
    return ["".join(SYMBOLS[x] for x in row if x != ABSENT) for row in array]


@pytest.mark.parametrize("xp", [np, jnp])
def test_every_function_writes_what_it_says_behind_what_stands(xp):
    given = plain(drawn(RNG, (300,), SIZE))
    before = ["".join(RNG.choice(list(SYMBOLS), RNG.integers(SIZE + 1))) for _ in given]
    made = np.asarray(LANGUAGE.every(xp.asarray(coded(before)), xp.asarray(coded(given)), xp))
    assert made.shape == (300, len(LANGUAGE.functions), SIZE)
    for i, f in enumerate(LANGUAGE.functions):
        wanted = [(b + PLAIN[f.operation](g, f.argument))[:SIZE] for b, g in zip(before, given, strict=True)]
        assert plain(made[:, i]) == wanted, f
        assert (np.diff((made[:, i] == ABSENT).astype(int)) >= 0).all()  # absent only at the end


def test_inputs_leave_room_for_what_is_written():
    lengths = (drawn(RNG, (500,), SIZE) != ABSENT).sum(-1)
    assert set(lengths) == {4, 5}


@pytest.mark.parametrize(
    ("given", "wanted", "program"),
    [
        (["ab-c", "B 2a", "c1-"], ["ab-1", "B 1", "c1-1"], "GetUpto mark; Const '1'"),
        (["aB-1", "cc 2", "2bA"], ["AB-1a", "CC 2c", "2BA2"], "ToCase upper; SubStr first"),
    ],
)
def test_the_instances_shown_in_the_docstring(given, wanted, program):
    names = [f"{f.operation} {f.argument}".strip() for f in LANGUAGE.functions]
    functions = jnp.array([[*map(names.index, program.split("; ")), len(names)]])
    assert plain(LANGUAGE.outputs(functions, jnp.asarray(coded(given))[None])[0]) == wanted
    assert f"`{program}`" in (Strings.__doc__ or "")
    for one, other in zip(given, wanted, strict=True):
        assert f'"{one}" -> "{other}"' in (Strings.__doc__ or "")


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(table, "LARGE", 256)
    monkeypatch.setattr(table, "SMALL", 64)
    yield Strings(trained=2, size=6)
    laid_out.cache_clear()


def test_the_oracle_is_right_and_splits_are_what_they_are_named_for(small):
    for split in small.splits[1:]:
        found = small.trials(small.oracle(), split, KEY, 32)
        assert (found.score == 1).all(), split
    texts = {s.name: [x.answer for x in small.samples(s, KEY, 64)] for s in small.splits}
    assert all("Reverse" in t and ";" in t for t in texts["new operation"])
    assert not any("Reverse" in t and ";" in t for t in texts["train"])
    assert not any("proper" in t or "second word" in t for t in texts["train"])
    assert all("proper" in t or "second word" in t or "second number" in t for t in texts["new arguments"])
    assert all(t.count(";") == 2 for t in texts["longer programs"])


def test_what_cannot_be_made_is_one_line():
    with pytest.raises(HeldoutError, match="size=20 must be 5 to 12"):
        Strings(size=20)
