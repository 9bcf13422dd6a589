"""Traces, state by state, against plain loops over lists as the textbook writes them; answers against SciPy and sorting."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.sparse.csgraph import shortest_path

from heldout.core.errors import HeldoutError
from heldout.core.split import IID
from heldout.tasks.formal.traces.paths import BFS, BellmanFord
from heldout.tasks.formal.traces.searching import BinarySearch, Minimum
from heldout.tasks.formal.traces.sorting import BubbleSort, InsertionSort
from heldout.tasks.formal.traces.trace import Problem, draw

TASKS = (BFS(), BellmanFord(), InsertionSort(), Minimum(), BinarySearch(), BubbleSort())
KEY = jax.random.key(2)
N = 40


def breadth_first(nodes, edges):
    n = len(nodes)
    reach, pi = [int(x) for x in nodes[:, 1]], list(range(n))
    yield pi, [reach], []
    for _ in range(n - 1):
        old = list(reach)
        for i in range(n):
            for j in range(n):
                if edges[i, j, 0] and old[i] and not old[j] and pi[j] == j:
                    pi[j], reach[j] = i, 1
        yield pi, [reach], []


def bellman_ford(nodes, edges):
    n = len(nodes)
    msk, pi, d = [int(x) for x in nodes[:, 1]], list(range(n)), [0.0] * n
    yield pi, [msk], [d]
    for _ in range(n - 1):
        old, was = list(d), list(msk)
        for u in range(n):
            for v in range(n):
                if was[u] and edges[u, v, 0] and (not msk[v] or old[u] + edges[u, v, 1] < d[v]):
                    d[v], pi[v], msk[v] = old[u] + edges[u, v, 1], u, 1
        yield pi, [msk], [d]


def marks(nodes, *at):
    return [[int(i == x) for i in range(len(nodes))] for x in at]


def chained(array):
    pointers = [0] * len(array)
    for before, node in zip([array[0], *array], array, strict=False):
        pointers[node] = before
    return pointers


def insertion(nodes, edges):
    values, array = nodes[:, 1], list(range(len(nodes)))
    yield chained(array), marks(nodes, 0, 0), []
    for at in range(1, len(array)):
        i = at
        while i > 0 and values[array[i - 1]] > values[array[i]]:
            array[i - 1], array[i] = array[i], array[i - 1]
            i -= 1
        yield chained(array), marks(nodes, array[i + 1] if i < at else at, at), []


def bubble(nodes, edges):
    values, array = nodes[:, 1], list(range(len(nodes)))
    yield chained(array), marks(nodes, 0, 0), []
    for i in range(len(array) - 1):
        for j in range(len(array) - 1, i, -1):
            if values[array[j]] < values[array[j - 1]]:
                array[j - 1], array[j] = array[j], array[j - 1]
            yield chained(array), marks(nodes, array[i], array[j]), []


def halving(nodes, edges):
    pointers, low, high = [max(i - 1, 0) for i in range(len(nodes))], 0, len(nodes) - 1
    for _ in range(4):
        middle = (low + high) // 2
        yield pointers, marks(nodes, low, high, middle), []
        if low < high:
            if nodes[middle, 2] <= nodes[middle, 1]:
                high = middle
            else:
                low = middle + 1


def minimum(nodes, edges):
    n, least = len(nodes), 0
    for at in range(n):
        if nodes[at, 1] < nodes[least, 1]:
            least = at
        yield [max(i - 1, 0) for i in range(n)], marks(nodes, least, at), []


PLAIN = dict(zip(TASKS, (breadth_first, bellman_ford, insertion, minimum, halving, bubble), strict=True))


@pytest.fixture(scope="module")
def traces():
    return {t: jax.tree.map(np.asarray, draw(t, IID, N, KEY)) for t in TASKS}


@pytest.mark.parametrize("task", TASKS, ids=lambda t: t.name)
def test_every_state_is_that_of_plain_loops(task, traces):
    problems, states = traces[task]
    for row in range(N):
        nodes, edges = problems.nodes[row], problems.edges[row]
        for t, (pointers, masks, numbers) in enumerate(PLAIN[task](nodes, edges)):
            assert states.pointers[row, t].tolist() == pointers
            assert states.masks[row, t].T.tolist() == masks
            assert np.allclose(states.numbers[row, t].T, np.array(numbers).reshape(-1, len(nodes)), atol=1e-6)
        assert t == states.pointers.shape[1] - 1


def test_distances_are_scipys(traces):
    for task, weighted in ((TASKS[0], False), (TASKS[1], True)):
        problems, states = traces[task]
        for row in range(N):
            graph, source = problems.edges[row, ..., -1], int(problems.nodes[row, :, 1].argmax())
            wanted = shortest_path(graph, method="D", directed=False, indices=source, unweighted=not weighted)
            pointers = states.pointers[row, -1]
            reached = np.isfinite(wanted)
            assert np.array_equal(states.masks[row, -1, :, 0] > 0, reached)
            assert all(pointers[v] == v for v in np.flatnonzero(~reached))
            step = graph[pointers, np.arange(8)] if weighted else np.ones(8)
            others = reached & (np.arange(8) != source)
            assert np.allclose(wanted[pointers][others] + step[others], wanted[others], atol=1e-5)
            if weighted:
                assert np.allclose(states.numbers[row, -1, reached, 0], wanted[reached], atol=1e-5)


def test_sorted_arrays_and_smallest_numbers_are_numpys(traces):
    for task in (TASKS[2], TASKS[5]):
        problems, states = traces[task]
        for values, pointers in zip(problems.nodes[..., 1], states.pointers[:, -1], strict=True):
            order = values.argsort()
            assert pointers[order].tolist() == [order[0], *order[:-1]]
    problems, states = traces[TASKS[3]]
    assert np.array_equal(states.masks[:, -1, :, 0].argmax(-1), problems.nodes[..., 1].argmin(-1))
    problems, states = traces[TASKS[4]]
    wanted = [np.searchsorted(nodes[:, 1], nodes[0, 2]) for nodes in problems.nodes]
    assert np.array_equal(states.masks[:, -1, :, 1].argmax(-1), np.minimum(wanted, 7))


def test_the_score_is_the_micro_f1_of_scikit_learn(traces):
    from sklearn.metrics import f1_score

    _, states = traces[TASKS[0]]
    wanted, found = (jax.tree.map(lambda x, t=t: x[:, t], states) for t in (-1, 1))
    score = TASKS[0].grade(found, wanted)
    each = [f1_score(a, b, average="micro") for a, b in zip(wanted.pointers, found.pointers, strict=True)]
    assert np.allclose(score, each)
    assert 0 < np.mean(each) < 1


def test_the_worked_instances():
    def last(task, nodes, edges):
        problem = Problem(*(jnp.asarray(x, jnp.float32) for x in (nodes, edges)))
        _, states = task.run(problem)
        return np.asarray(states.pointers[-1]).tolist(), np.asarray(
            states.masks[-1, :, task.shape.answer or 0]
        ).argmax()

    def graph(n, *edges):
        found = np.zeros((n, n, 2))
        for a, b, w in edges:
            found[a, b] = found[b, a] = (1, w)
        return found

    places = np.linspace(0, 1, 4)
    square = graph(4, (0, 1, 1), (0, 2, 1), (1, 3, 1), (2, 3, 1))
    assert last(BFS(), np.stack([places, [1, 0, 0, 0]], 1), square[..., :1])[0] == [0, 0, 0, 1]
    assert last(BFS(), np.stack([places, [0, 0, 1, 0]], 1), graph(4, (0, 1, 1), (1, 2, 1))[..., :1])[0] == [1, 2, 2, 3]
    triangle = graph(3, (0, 1, 0.9), (0, 2, 0.2), (1, 2, 0.3))
    assert last(BellmanFord(), np.stack([places[:3], [1, 0, 0]], 1), triangle)[0] == [0, 2, 0]
    for task in (InsertionSort(), BubbleSort(), Minimum()):
        pointers, node = last(task, np.stack([places[:3], [0.3, 0.1, 0.2]], 1), np.ones((3, 3, 1)))
        assert node == 1 if task.shape.answer == 0 else pointers == [2, 1, 1]
    assert last(BinarySearch(), np.stack([places[:3], [0.1, 0.2, 0.3], [0.15] * 3], 1), np.ones((3, 3, 1)))[1] == 1


def test_what_cannot_be_is_said_in_one_line():
    with pytest.raises(HeldoutError, match="size 8 is not larger"):
        BFS(8, (8,))
    with pytest.raises(HeldoutError, match="train=2 leaves too few"):
        Minimum(2)
