from itertools import combinations

import numpy as np

from heldout.tasks.formal.question_grammar import GRAMMAR, LARGEST, Tree, compounds, drawn, query, question, rules


def some(n=150):
    rng = np.random.default_rng(0)
    return [drawn(rng) for _ in range(n)]


def read(text):
    """The query, worked out from the words alone."""
    words = text.split()
    if words[0] == "who":
        subject, triples, rest = "x", [], words[1:]
    elif words[0] == "which":
        subject, triples, rest = "x", [("x", "is", words[1])], words[2:]
    else:
        subject, triples, rest = words[1], [], words[2:]
    verbs, rest = ([rest[0], rest[2]], rest[3:]) if rest[1] == "and" else (rest[:1], rest[1:])
    if rest[0] == "a":
        _, role, that, verb, entity = rest
        assert that == "that"
        triples += [(subject, v, "y") for v in verbs] + [("y", "is", role), ("y", verb, entity)]
    else:
        triples += [(subject, v, e) for v in verbs for e in rest[::2]]
    return " ".join(" ".join(t) for t in triples) + " ."


def test_queries_are_those_that_the_words_ask_for():
    for tree in some():
        assert " ".join(query(tree)) == read(" ".join(question(tree)))


def test_a_question_written_down():
    tree = Tree(
        "did E VP", (Tree("M0"), Tree("V a R that V E", (Tree("marry"), Tree("actor"), Tree("follow"), Tree("M2"))))
    )
    assert " ".join(question(tree)) == "did M0 marry a actor that follow M2"
    assert " ".join(query(tree)) == "M0 marry y y is actor y follow M2 ."
    assert rules(tree) == ["did E VP", "M0", "V a R that V E", "marry", "actor", "follow", "M2"]


def test_every_rule_is_drawn_and_parts_of_a_rule_differ():
    trees = some(600)
    assert {r for t in trees for r in rules(t)} == {r for rules_ in GRAMMAR.values() for r in rules_}
    assert all(len(set(t.parts[-1].parts)) == len(t.parts[-1].parts) for t in trees)


def edges(tree, start=0):
    """(parent, child) pairs of nodes in preorder, and the number of nodes."""
    found, after = [], start + 1
    for part in tree.parts:
        found.append((start, after))
        below, after = edges(part, after)
        found += below
    return found, after


def connected(nodes, links):
    reached, todo = {nodes[0]}, [nodes[0]]
    while todo:
        one = todo.pop()
        near = {b for a, b in links if a == one} | {a for a, b in links if b == one}
        todo += [n for n in near & set(nodes) if n not in reached]
        reached |= near & set(nodes)
    return len(reached) == len(nodes)


def test_compounds_are_all_connected_parts():
    for tree in some(40):
        links, size = edges(tree)
        applied = rules(tree)
        sets = [s for k in range(2, LARGEST + 1) for s in combinations(range(size), k) if connected(s, links)]
        found, inside = compounds(tree)
        assert sorted(tuple(one[1:]) for one in found) == sorted(tuple(applied[i] for i in s) for s in sets)
        assert len(inside) == sum(set(a) < set(b) for a in sets for b in sets)


def test_the_place_of_a_part_tells_compounds_apart():
    one, other = (
        Tree("V E and E", (Tree("edit"), Tree("M0"), Tree("M1"))),
        Tree("V E and E", (Tree("edit"), Tree("M1"), Tree("M0"))),
    )
    found = [set(compounds(Tree("who VP", (phrase,)))[0]) for phrase in (one, other)]
    assert len(found[0]) == len(found[1])
    shared = found[0] & found[1]
    assert all("M0" not in c and "M1" not in c for c in shared)
    assert shared
