import json

import numpy as np
from scipy import special

from heldout.results.compare import compare
from heldout.results.pages import abilities
from heldout.results.table import Items, Table


def comparison(systems, number, seed=0):
    rng = np.random.default_rng(seed)
    p = special.expit(rng.normal(size=(systems, 1)) - rng.normal(size=number))
    values = (rng.random(p.shape) < p).astype(float)
    items = Items(values, np.ones(p.shape, int), np.zeros(number, int), None, tuple(f"q{i}" for i in range(number)))
    names = tuple(f"s{i}" for i in range(systems))
    return compare(Table("items", names, ("all",), values.mean(axis=1)[:, None, None], items))


def test_the_section_says_whether_to_believe_the_curves():
    section = abilities.section(comparison(9, 80))
    assert "held out" in " ".join(section.sentences)
    assert section.tables[0].title == "Abilities"
    assert len(section.tables[0].rows) == 9


def test_few_systems_and_a_long_list_are_said():
    made = comparison(5, 60)
    section = abilities.section(made, most=3)
    assert "no item can be shown to be wrongly keyed" in " ".join(section.sentences)
    assert len(section.tables[0].rows) == 3
    assert "the first 3 of 5" in section.sentences[-1]


def test_json_has_it_all():
    made = comparison(9, 80)
    assert made.abilities is not None
    tree = json.loads(json.dumps(abilities.tree(made.abilities), allow_nan=False))
    assert tree["systems"][0].keys() == {"system", "ability", "error"}
    assert tree["most"][0].keys() == {"item", "task", "slope", "difficulty", "rate", "information", "note"}
    assert tree["held_out"]["cells"] > 50


def test_without_items_there_is_nothing():
    made = compare(Table("runs", ("a", "b"), ("t",), np.random.default_rng(0).random((2, 4, 1))))
    assert abilities.section(made).nothing
