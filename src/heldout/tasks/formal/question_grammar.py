"""A small grammar of questions and their queries, after that of CFQ (Keysers et al., 2020).

Every word that may vary stems from a rule of its own, so that the rules applied are the atoms of a question, and the parts of its
derivation tree its compounds.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np

GRAMMAR = {
    "S": ("who VP", "did E VP", "which R VP"),
    "VP": ("V E", "V E and E", "V and V E", "V and V E and E", "V a R that V E", "V and V a R that V E"),
    "E": ("M0", "M1", "M2", "M3", "M4", "M5"),
    "V": ("direct", "edit", "employ", "follow", "influence", "marry", "produce", "write"),
    "R": ("actor", "composer", "editor", "founder", "writer"),
}
"""The rules of every symbol; words that are no symbols stand for themselves."""
LARGEST = 3
"""The number of rules in a compound, at most."""
END = "."


class Tree(NamedTuple):
    """A rule applied, and the trees that its symbols became."""

    rule: str
    parts: "tuple[Tree, ...]" = ()


Part = tuple[tuple[int, ...], tuple[tuple[int, int], ...]]
"""A connected part of a tree: its nodes in preorder, and of each but the first the place of its parent among them and its own below it."""


def drawn(rng: np.random.Generator, symbol: str = "S") -> Tree:
    """A tree with every rule drawn evenly among those of its symbol; parts of one rule all differ."""
    rule = GRAMMAR[symbol][rng.integers(len(GRAMMAR[symbol]))]
    while True:
        parts = tuple(drawn(rng, word) for word in rule.split() if word in GRAMMAR)
        if len(set(parts)) == len(parts):
            return Tree(rule, parts)


def question(tree: Tree) -> tuple[str, ...]:
    """The words."""
    parts = iter(tree.parts)
    return tuple(w for word in tree.rule.split() for w in (question(next(parts)) if word in GRAMMAR else (word,)))


def query(tree: Tree) -> tuple[str, ...]:
    """What is asked: triples of subject, relation and object, and an end.

    `x` is what is looked for, `y` another unknown.
    """
    *first, phrase = tree.parts
    subject = first[0].rule if tree.rule == "did E VP" else "x"
    triples = [(subject, "is", first[0].rule)] if tree.rule == "which R VP" else []
    verb, *others = (part.rule for part in phrase.parts)
    verbs = [verb]
    if phrase.rule.startswith("V and V"):
        verbs.append(others.pop(0))
    if "that" in phrase.rule:
        role, below, entity = others
        triples += [(subject, verb, "y") for verb in verbs]
        triples += [("y", "is", role), ("y", below, entity)]
    else:
        triples += [(subject, verb, entity) for verb in verbs for entity in others]
    return (*(word for triple in triples for word in triple), END)


def rules(tree: Tree) -> list[str]:
    """The rules applied, in preorder: the atoms, as often as they occur."""
    return [tree.rule, *(rule for part in tree.parts for rule in rules(part))]


def compounds(tree: Tree) -> tuple[list[tuple], tuple[tuple[int, int], ...]]:
    """All connected parts of two to `LARGEST` rules, and which of them lies within which other.

    Two parts are the same compound where their rules and the places of these below each other are.
    """
    applied = rules(tree)
    found, inside = _parts(_shape(tree))
    return [(below, *(applied[node] for node in nodes)) for nodes, below in found], inside


def _shape(tree: Tree) -> tuple:
    return tuple(_shape(part) for part in tree.parts)


@lru_cache(maxsize=1024)
def _parts(shape: tuple) -> tuple[list[Part], tuple[tuple[int, int], ...]]:
    """Worked out once per shape, of which there are few."""
    children: list[list[int]] = []

    def number(below: tuple) -> int:
        here = len(children)
        children.append([])
        children[here] = [number(one) for one in below]
        return here

    number(shape)
    found = [_placed(nodes, children) for node in range(len(children)) for nodes in _below(node, LARGEST, children)]
    found = [part for part in found if len(part[0]) > 1]
    sets = [set(nodes) for nodes, _ in found]
    inside = tuple((i, j) for i, small in enumerate(sets) for j, large in enumerate(sets) if small < large)
    return found, inside


def _below(node: int, room: int, children: list[list[int]]) -> list[tuple[int, ...]]:
    """The connected parts of at most `room` nodes with that node on top."""
    choices = [[(), *_below(child, room - 1, children)] for child in children[node]] if room > 1 else []
    made = (tuple(sorted({node, *(n for part in chosen for n in part)})) for chosen in product(*choices))
    return [part for part in made if len(part) <= room]


def _placed(nodes: tuple[int, ...], children: list[list[int]]) -> Part:
    below = tuple((i, children[up].index(node)) for node in nodes for i, up in enumerate(nodes) if node in children[up])
    return nodes, below
