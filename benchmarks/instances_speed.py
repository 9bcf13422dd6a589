"""Instances per second, and how many of them differ between two seeds: heldout's generators beside reasoning-gym 0.1.25.

    python benchmarks/instances_speed.py --peer-python PATH [--seconds 1] [--rounds 3] [--cpu] [--json FILE]

PATH is the Python of an environment with `pip install reasoning-gym==0.1.25`. Each row has a generator of either side that are alike in
kind and in length; they are not the same task. Theirs gives a question and an answer as text, item by item. Ours gives `arrays`: inputs,
targets and weights as training reads them, 4,096 at a time, and `text`: questions and answers as people read them. Both ratios are
to their text. Everybody has one core and processes of their own; the best of several rounds counts.

Then 200 items are drawn with seed 0 and 200 with seed 1 on both sides, and the different ones among the 400 are counted.
"""

import argparse
import importlib
import itertools
import json
import sys
from pathlib import Path
from typing import NamedTuple

from contest import options, timed, worker

GOAL, MANY, ITEMS = 20.0, 4096, 200
FORMAL = "heldout.tasks.formal."


class Row(NamedTuple):
    """A data set of theirs with its configuration, and a task of ours with its arguments."""

    kind: str
    theirs: str
    config: dict
    ours: str
    arguments: dict


ROWS = (
    Row(
        "sums of two 3-digit numbers",
        "chain_sum",
        {"min_terms": 2, "max_terms": 2, "min_digits": 3, "max_digits": 3},
        "heldout.tasks.language.sums.Sums",
        {"digits": (3,)},
    ),
    Row(
        "chains of ten digits",
        "chain_sum",
        {"min_terms": 10, "max_terms": 10, "min_digits": 1, "max_digits": 1},
        FORMAL + "modular_arithmetic.ModularArithmetic",
        {"train": 18, "length": (19,)},
    ),
    Row(
        "sums of 20-bit numbers",
        "chain_sum",
        {"min_terms": 2, "max_terms": 2, "min_digits": 6, "max_digits": 6},
        FORMAL + "binary_addition.BinaryAddition",
        {"length": (41,)},
    ),
    Row(
        "brackets around sums and products",
        "basic_arithmetic",
        {"min_terms": 6, "max_terms": 6, "min_digits": 1, "max_digits": 1, "operators": ["+", "-", "*"]},
        FORMAL + "modular_arithmetic_brackets.ModularArithmeticBrackets",
        {"train": 20, "length": (23,)},
    ),
    Row(
        "equations with one unknown", "simple_equations", {}, FORMAL + "solve_equation.SolveEquation", {"length": (23,)}
    ),
    Row(
        "ones among 40 bits",
        "count_bits",
        {"min_n": 2**39, "max_n": 2**40 - 1},
        FORMAL + "parity.Parity",
        {"length": (40,)},
    ),
    Row(
        "properties of strings of 40 bits",
        "binary_alternation",
        {"min_n": 40, "max_n": 40},
        FORMAL + "even_pairs.EvenPairs",
        {"length": (40,)},
    ),
    Row("strings spelt backwards", "spell_backward", {}, FORMAL + "reverse_string.ReverseString", {"length": (24,)}),
    Row("sorting", "number_sorting", {}, FORMAL + "bucket_sort.BucketSort", {"length": (24,)}),
    Row(
        "strings rewritten, from a stack",
        "ab",
        {"length": 24},
        FORMAL + "stack_manipulation.StackManipulation",
        {"length": (24,)},
    ),
    Row(
        "strings rewritten by rules in the question",
        "string_manipulation",
        {},
        FORMAL + "string_rewriting.StringRewriting",
        {"examples": 20_000},
    ),
)


def main() -> None:
    """Run every row and print it."""
    options = _options()
    if options.worker:
        spec = json.loads(options.worker)
        print({"jax": _ours, "peer": _theirs}[spec["side"]](spec), flush=True)
        return
    rows = []
    print("| kind | theirs | ours | theirs/s | arrays/s | ratio | text/s | ratio | different of 400: theirs, ours |")
    print("|---|---|---|---|---|---|---|---|---|")
    for number, row in enumerate(ROWS):
        asked = {"theirs": ("peer", "text"), "text": ("jax", "text")}
        if _task(row).traced:
            asked["arrays"] = ("jax", "arrays")
        best: dict = dict.fromkeys(asked, 0.0)
        for _, (name, (side, what)) in itertools.product(range(options.rounds), asked.items()):
            best[name] = max(best[name], worker(__file__, side, options, row=number, what=what))
        best["apart"] = [int(worker(__file__, s, options, row=number, what="apart")) for s in ("peer", "jax")]
        rows.append({"kind": row.kind, "theirs": row.theirs, "ours": row.ours.rpartition(".")[2], "found": best})
        print(_line(row, best), flush=True)
    low = [
        r["kind"] for r in rows if max(r["found"].get(k, 0.0) for k in ("arrays", "text")) < GOAL * r["found"]["theirs"]
    ]
    print(f"below {GOAL:g} times in either form: {', '.join(low) or 'none'}")
    if options.json:
        Path(options.json).write_text(json.dumps(rows, indent=1), encoding="utf-8")


def _line(row: Row, best: dict) -> str:
    cells = [row.kind, f"`{row.theirs}`", f"`{row.ours.rpartition('.')[2]}`", f"{best['theirs']:,.0f}"]
    for form in ("arrays", "text"):
        cells += [f"{best[form]:,.0f}", f"{best[form] / best['theirs']:.1f}"] if form in best else ["", ""]
    return "| " + " | ".join([*cells, "{}, {}".format(*best["apart"])]) + " |"


def _options() -> argparse.Namespace:
    parser = options("Instances per second against reasoning-gym", seconds=1.0, rounds=3)
    parser.add_argument("--peer-python", dest="torch_python", default=sys.executable)
    return parser.parse_args()


def _task(row: Row):
    module, _, name = row.ours.rpartition(".")
    return getattr(importlib.import_module(module), name)(**row.arguments)


def _ours(spec: dict) -> float:
    """Calls count as many instances as they give; what was compiled, or laid out in a table, is not there at first."""
    import jax

    from heldout.core.digest import digest
    from heldout.runner.together import key
    from heldout.tasks.formal import string_rewriting

    task = _task(ROWS[spec["row"]])
    tabled = isinstance(task, string_rewriting.StringRewriting)
    split = task.splits[0] if tabled else task.splits[-1]
    keys = (key(task.traced, digest(task), seed, "instances") for seed in itertools.count())
    if spec["what"] == "apart":
        return len({s.text for _ in range(2) for s in task.samples(split, next(keys), ITEMS)})
    if spec["what"] == "text" and tabled:  # its instances are made once, as text, all of a table

        def made() -> None:
            string_rewriting.laid_out.cache_clear()
            string_rewriting.laid_out(task)

        return timed(made, spec) * len(string_rewriting.laid_out(task).sources)
    if spec["what"] == "text":
        write = task.samples if task.traced else task.draw
        write(split, next(keys), MANY)
        return timed(lambda: write(split, next(keys), MANY), spec) * MANY
    draw = jax.jit(lambda one: task.draw(split, one, MANY))
    jax.block_until_ready(draw(next(keys)))
    return timed(lambda: jax.block_until_ready(draw(next(keys))), spec) * MANY


def _theirs(spec: dict) -> float:
    """Items one after the other, as their data sets give them."""
    import reasoning_gym  # pyright: ignore[reportMissingImports] - it is there in the other environment

    row = ROWS[spec["row"]]
    if spec["what"] == "apart":
        sets = [reasoning_gym.create_dataset(row.theirs, seed=s, size=ITEMS, **row.config) for s in (0, 1)]
        return len({one[i]["question"] for one in sets for i in range(ITEMS)})
    items = reasoning_gym.create_dataset(row.theirs, seed=0, size=10**9, **row.config)
    place = itertools.count()
    return timed(lambda: items[next(place)], spec)


if __name__ == "__main__":
    main()
