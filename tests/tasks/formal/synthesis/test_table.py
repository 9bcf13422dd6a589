"""What programs splits are made of, and that no two do the same."""

from itertools import product

import numpy as np
import pytest

from heldout.tasks.formal.synthesis.list_language import lists
from heldout.tasks.formal.synthesis.table import HELD, KINDS, kind, table

LANGUAGE = lists(5, 3)
SHOWN, TRAINED = 3, 2


@pytest.fixture(scope="module")
def made():
    return table(LANGUAGE, SHOWN, TRAINED, np.random.default_rng(0))


def lines(program):
    return [LANGUAGE.functions[f] for f in program if f < len(LANGUAGE.functions)]


def written(text):
    names = [f"{f.operation} {f.argument}".strip() for f in LANGUAGE.functions]
    return [names.index(line) for line in text.split("; ")]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rotate", "train"),
        ("Map +1; Sort; Reverse", "train"),
        ("Take 1; Unique", "train"),
        ("Map +1; Map *2; Sort; Reverse", "length"),
        ("Sort; Map +1", "order"),
        ("Sort; Map +1; Sort", ""),
        ("Map +1; Take 1", "concepts"),
        ("Take 1; Map +1; Sort", "concepts"),
        ("Sort; Rotate", "operation"),
        ("Take 1; Rotate", ""),
        ("Scanl1 +", "functionality"),
        ("Scanl1 -", "train"),
        ("Map +1; Scanl1 max; Sort", "functionality"),
        ("Scanl1 +; Rotate", ""),
        ("Map +1; Take 1; Take 1; Map +1", ""),
    ],
)
def test_kinds(text, wanted):
    assert kind(LANGUAGE, 3, written(text)) == wanted


def test_no_program_of_a_test_set_can_be_written_as_one_of_the_train_set(made):
    """Programs are run anew on every list that there is."""
    every = np.array([[*v, *[-1] * (3 - len(v))] for n in range(4) for v in product(range(5), repeat=n)])

    def does(program):
        value = every
        for f in program:
            if f < len(LANGUAGE.functions):
                value = LANGUAGE.every(value, every, np)[:, f]
        return value.tobytes()

    different = {name: {tuple(made.program[r].tolist()) for r in rows} for name, rows in made.rows.items()}
    functions = {name: {does(p) for p in programs} for name, programs in different.items()}
    for name, programs in different.items():
        assert len(functions[name]) == len(programs)
        assert name == "train" or not functions[name] & functions["train"]
        wanted = "train" if name == "iid" else name
        assert {kind(LANGUAGE, TRAINED, [f for f in p if f < len(LANGUAGE.functions)]) for p in programs} == {wanted}
    assert set(made.rows) == {*KINDS, "iid"}
    assert all(len(lines(p)) > 1 for p in different["iid"])


def test_values_are_what_the_lines_make_of_the_inputs(made):
    assert made.given.shape[1:] == (SHOWN + HELD, 3)
    assert made.values.shape[1:] == (TRAINED + 2, SHOWN + HELD, 3)
    for row in np.random.default_rng(1).integers(len(made.program), size=50):
        value = made.given[row].astype(int)
        assert (made.values[row, 0] == value).all()
        for line, f in enumerate(made.program[row]):
            if f < len(LANGUAGE.functions):
                value = LANGUAGE.every(value, made.given[row].astype(int), np)[:, f]
            assert (made.values[row, line + 1] == value).all()


def test_examples_tell_something(made):
    outputs = made.values[:, -1, :SHOWN]
    assert (outputs != outputs[:, :1]).any((1, 2)).mean() > 0.95
