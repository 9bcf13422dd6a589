"""Splits by compound divergence: 100,000 examples, and beside the published way of adding one by one on fewer.

    python benchmarks/splitting_speed.py [--write docs/splitting.md]

`sentences`: a word in each of six slots or none, filled with the probability named; every pair of words is a compound. `questions`:
those of `heldout.tasks.formal.questions`, with repeats. The published search looks at every example left before it adds one (train
and test in turn, as the share says), which takes time that grows with the square of their number; it is run here on 2,000, on
the same formulas, each time until half are used. Target: a minute at most for 100,000 examples, atom divergence at most 0.02. Exit
code 1 if either is missed.
"""

import argparse
import re
import sys
import time
from pathlib import Path

import numpy as np
from scipy import sparse

from heldout.stats.splitting import Kinds, Wanted, split

SLOTS, WORDS = 6, 12


def sentences(n: int, filled: float) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Two slots always filled; the frequencies of words fall with their rank."""
    rng = np.random.default_rng(0)
    p = 1 / np.arange(1, WORDS + 1) ** 0.7
    word = np.stack([rng.choice(WORDS, n, p=p / p.sum()) + s * WORDS for s in range(SLOTS)], 1)
    there = rng.random((n, SLOTS)) < filled
    there[:, :2] = True
    row, slot = np.nonzero(there)
    atoms = sparse.csr_array((np.ones(len(row)), (row, word[row, slot])), shape=(n, SLOTS * WORDS))
    rows, pairs = [], []
    for a in range(SLOTS):
        for b in range(a + 1, SLOTS):
            both = np.flatnonzero(there[:, a] & there[:, b])
            rows.append(both)
            pairs.append(word[both, a] * SLOTS * WORDS + word[both, b])
    kinds, pair = np.unique(np.concatenate(pairs), return_inverse=True)
    return atoms, sparse.csr_array((np.ones(len(pair)), (np.concatenate(rows), pair)), shape=(n, len(kinds)))


def questions(n: int) -> tuple[sparse.csr_array, sparse.csr_array]:
    from heldout.tasks.formal.question_grammar import drawn
    from heldout.tasks.formal.questions import parts

    rng = np.random.default_rng(0)
    return parts([drawn(rng) for _ in range(n)])


def one_by_one(atoms: sparse.csr_array, compounds: sparse.csr_array, wanted: Wanted) -> tuple[float, float]:
    """The compound and the atom divergence that the published search comes to."""
    kinds = Kinds(atoms, 0.5), Kinds(compounds, 0.1)
    left = np.random.default_rng(0).permutation(atoms.shape[0])
    sums = [k.sums(np.zeros(len(left))) for k in kinds]
    tests = 0
    for used in range(len(left) // 2):
        part = int(tests < round(wanted.share * (used + 1)))
        tests += part
        a, c = (k.changed(s, left, part) for k, s in zip(kinds, sums, strict=True))
        best = np.argmin(np.abs(c - wanted.divergence) + np.abs(a))
        for k, total in zip(kinds, sums, strict=True):
            total[part] += k.counts[[left[best]]].sum(axis=0)
        left = np.delete(left, best)
    a, c = (k.divergence(s) for k, s in zip(kinds, sums, strict=True))
    return c, a


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--examples", type=int, default=100_000)
    parser.add_argument("--write", type=Path, help="page whose table is replaced")
    how = parser.parse_args()
    worlds = {
        "sentences, filled 0.3": lambda n: sentences(n, 0.3),
        "sentences, filled 0.7": lambda n: sentences(n, 0.7),
    }
    worlds["questions"] = questions
    rows, failed = [], False
    for name, world in worlds.items():
        atoms, compounds = world(how.examples)
        for asked in (0.1, 0.4, 0.7):
            start = time.perf_counter()
            found = split(atoms, compounds, Wanted(asked))
            seconds = time.perf_counter() - start
            failed |= seconds > 60 or found.atoms > 0.02
            used = len(found.train) + len(found.test)
            rows.append(
                f"| {name} | {asked} | {found.compounds:.3f} | {found.atoms:.3f} | {used:,} | {seconds:.1f} s |"
            )
    head = (
        "| 100,000 examples | asked | compound divergence | atom divergence | used | time |\n|---|---|---|---|---|---|"
    )
    text = "\n".join([head.replace("100,000", f"{how.examples:,}"), *rows, "", *beside(worlds)])
    print(text)
    if how.write:
        marked = re.compile(r"(<!-- splitting -->\n).*?(<!-- /splitting -->)", re.DOTALL)
        how.write.write_text(marked.sub(lambda m: f"{m[1]}\n{text}\n\n{m[2]}", how.write.read_text()))
    return int(failed)


def beside(worlds: dict) -> list[str]:
    """The largest divergence that either search finds on 2,000 examples."""
    rows = [
        "| 2,000 examples, as far as it goes | one by one | heldout | one by one | heldout |",
        "|---|---|---|---|---|",
    ]
    for name, world in worlds.items():
        atoms, compounds = world(2000)
        start = time.perf_counter()
        c, a = one_by_one(atoms, compounds, Wanted(1.0))
        middle = time.perf_counter()
        found = split(atoms, compounds, Wanted(1.0))
        end = time.perf_counter()
        shown = f"{c:.3f} (atoms {a:.3f}) | {found.compounds:.3f} (atoms {found.atoms:.3f})"
        rows.append(f"| {name} | {shown} | {middle - start:.1f} s | {end - middle:.1f} s |")
    return rows


if __name__ == "__main__":
    sys.exit(main())
