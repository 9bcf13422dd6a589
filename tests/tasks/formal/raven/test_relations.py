import numpy as np
import pytest

from heldout.tasks.formal.raven.relations import FIELDS, RELATIONS, TRIPLES, holds, matrices


def by_hand(relation, panels):
    """Whether a matrix of sets follows a relation, as its definition says."""
    rows = [[set(np.flatnonzero(panel).tolist()) for panel in row] for row in panels]
    made = {"XOR": set.symmetric_difference, "OR": set.union, "AND": set.intersection}
    if relation in made:
        return all(made[relation](a, b) == c for a, b, c in rows)
    if any(len(panel) != 1 for row in rows for panel in row):
        return False
    values = [[min(panel) for panel in row] for row in rows]
    if relation == "consistent union":
        return len({frozenset(row) for row in values}) == 1 and len(set(values[0])) == 3
    steps = {b - a for row in values for a, b in zip(row, row[1:], strict=False)}
    return len(steps) == 1 and steps != {0}


def test_there_are_the_published_29_triples():
    """Barrett et al. (2018), appendix: five relations on size and colour of shapes, two on number, three on position ..."""
    counts = [sum(t[1:] == field for t in TRIPLES) for field in FIELDS]
    assert counts == [5, 5, 2, 3, 5, 5, 4]
    assert len(set(TRIPLES)) == 29


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("allowed", [np.arange(10), np.arange(0, 10, 2), np.arange(5)])
def test_matrices_follow_their_relation_and_no_other(relation, allowed):
    made = matrices(np.random.default_rng(0), relation, allowed, 10, 200)
    assert not np.delete(made, allowed, -1).any()
    assert made[..., allowed].any((0, 1, 2)).all()
    for other in RELATIONS:
        found = holds(other, made)
        assert found.tolist() == [by_hand(other, one) for one in made]
        if other == relation:
            assert found.all()
        elif {other, relation} != {"progression", "consistent union"}:
            assert not found.any()
