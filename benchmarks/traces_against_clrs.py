"""Our traces of algorithms against those of the CLRS benchmark's own package, step by step on its own problems.

dm-clrs brings TensorFlow (2.6 GB), so that it lives in a virtual environment of its own, and only this file asks for it:

    python -m venv clrs && clrs/bin/pip install dm-clrs
    python benchmarks/traces_against_clrs.py --clrs-python clrs/bin/python [--speed]

Both run the same problems, drawn by dm-clrs. A step agrees if all pointers, masks and numbers (to 1e-5) do. Where dm-clrs stops
because nothing changes any more, ours must stay as it is, with the answer that dm-clrs gives. With dm-clrs 2.0.3 all 25,500 steps
and all 1,200 answers of 100 problems of 8 and 16 nodes each agree, for six algorithms.

With `--speed` both draw problems of their own instead, with their traces as arrays, on one core, for a second of processor time or more; what
is compiled, or loaded, is not counted.
"""

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

import numpy as np

HINTS = {
    "bfs": ("pi_h", ("reach_h",), (), "pi"),
    "bellman_ford": ("pi_h", ("msk",), ("d",), "pi"),
    "insertion_sort": ("pred_h", ("i", "j"), (), "pred"),
    "bubble_sort": ("pred_h", ("i", "j"), (), "pred"),
    "minimum": ("pred_h", ("min_h", "i"), (), "min"),
    "binary_search": ("pred_h", ("low", "high", "mid"), (), "return"),
}
"""What dm-clrs calls the pointers, masks and numbers of a state, and the answer."""


def worker(name: str, nodes: int, count: int) -> dict:
    """Problems and traces of dm-clrs as plain lists: of inputs (count, ...), hints (count, steps, ...), and the answer."""
    import clrs

    sampler, _ = clrs.build_sampler(name, num_samples=count, length=nodes, seed=2022)
    features, outputs = sampler.next(count)
    found = {"length": np.asarray(features.lengths, int).tolist(), "answer": np.asarray(outputs[0].data).tolist()}
    found["inputs"] = {x.name: np.asarray(x.data).tolist() for x in features.inputs}
    found["hints"] = {x.name: np.asarray(x.data).swapaxes(0, 1).tolist() for x in features.hints}
    return found


def drawn(name: str, nodes: int) -> float:
    """Problems with their traces that dm-clrs makes in a second."""
    import clrs

    clrs.build_sampler(name, num_samples=2, length=nodes, seed=0)
    began, count = time.process_time(), 0
    while (took := time.process_time() - began) < 1.0:
        clrs.build_sampler(name, num_samples=200, length=nodes, seed=count)
        count += 200
    return count / took


def drawn_here(name: str, nodes: int) -> float:
    """The same of ours."""
    import jax

    task = known()[name]
    (split,) = (s for s in type(task)(train=4, size=(nodes,)).splits if s.level is not None)
    draw = jax.jit(lambda key: task.draw(split, key, 1024))
    jax.block_until_ready(draw(jax.random.key(0)))
    began, count = time.process_time(), 0
    while (took := time.process_time() - began) < 1.0:
        jax.block_until_ready(draw(jax.random.key(count)))
        count += 1024
    return count / took


def problems(found: dict) -> tuple[np.ndarray, np.ndarray]:
    """Nodes and edges of dm-clrs's problems as ours have them."""
    given = {name: np.asarray(x, np.float32) for name, x in found["inputs"].items()}
    if "A" in given:
        joined = (given["A"] != 0).astype(np.float32)
        return np.stack([given["pos"], given["s"]], -1), np.stack([joined, given["A"]], -1)
    channels = [given["pos"], given["key"]]
    if "target" in given:
        channels.append(np.broadcast_to(given["target"][:, None], given["pos"].shape))
    count, nodes = given["pos"].shape
    return np.stack(channels, -1), np.ones((count, nodes, nodes, 1), np.float32)


def known() -> dict[str, Any]:
    """Our tasks by the names of dm-clrs."""
    from heldout.tasks.formal.traces.paths import BFS, BellmanFord
    from heldout.tasks.formal.traces.searching import BinarySearch, Minimum
    from heldout.tasks.formal.traces.sorting import BubbleSort, InsertionSort

    ours = (BFS(), BellmanFord(), InsertionSort(), BubbleSort(), Minimum(), BinarySearch())
    return dict(zip(HINTS, ours, strict=True))


def compare(name: str, found: dict) -> tuple[int, int, int]:
    """How many steps were compared, how many agree, and how many answers agree."""
    import jax

    from heldout.tasks.formal.traces.trace import Problem

    task = known()[name]
    pointer, masks, numbers, _ = HINTS[name]
    nodes, edges = problems(found)
    problem = Problem(nodes, edges[..., : task.shape.edges])
    states = jax.tree.map(np.asarray, jax.jit(jax.vmap(lambda one: task.run(one)[1]))(problem))
    hints = {n: np.asarray(x) for n, x in found["hints"].items()}
    steps = agree = answers = 0
    for row, length in enumerate(found["length"]):
        for t in range(states.pointers.shape[1]):
            at = min(t, length - 1)  # from its last step on, the state of dm-clrs stays
            same = np.array_equal(states.pointers[row, t], hints[pointer][row, at])
            for kinds, held in ((masks, states.masks), (numbers, states.numbers)):
                same &= all(np.allclose(held[row, t, :, i], hints[n][row, at], atol=1e-5) for i, n in enumerate(kinds))
            steps, agree = steps + 1, agree + same
        last, wanted = task.shape.answer, np.asarray(found["answer"])[row]
        mine = states.pointers[row, -1] if last is None else states.masks[row, -1, :, last]
        answers += np.array_equal(mine, wanted)
    return steps, agree, answers


def main() -> None:
    """Print how many steps and answers agree for each algorithm and size; fail where one does not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clrs-python", default=sys.executable, help="the Python that has dm-clrs")
    parser.add_argument("--count", type=int, default=100, help="problems of each algorithm and size")
    parser.add_argument("--speed", action="store_true", help="problems a second on either side instead")
    parser.add_argument("--worker", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        asked = json.loads(options.worker)
        print(json.dumps([drawn(*one) if options.speed else worker(*one, options.count) for one in asked]))
        return
    if options.speed and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    asked = [(name, nodes) for nodes in (8, 16) for name in HINTS]
    command = [options.clrs_python, __file__, "--worker", json.dumps(asked), "--count", str(options.count)]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    command += ["--speed"] * options.speed
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, env=quiet, check=True)
    theirs = json.loads(done.stdout.splitlines()[-1])
    if options.speed:
        for (name, nodes), speed in zip(asked, theirs, strict=True):
            mine = drawn_here(name, nodes)
            print(f"| {name} | {nodes} | {speed:,.0f} | {mine:,.0f} | {mine / speed:.0f} |", flush=True)
        return
    wrong = 0
    for (name, nodes), found in zip(asked, theirs, strict=True):
        steps, agree, answers = compare(name, found)
        wrong += steps - agree + options.count - answers
        print(f"{name:15} {nodes:3} nodes: {agree} of {steps} steps, {answers} of {options.count} answers agree")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
