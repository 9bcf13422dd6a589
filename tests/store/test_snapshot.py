import random
from collections import defaultdict
from pathlib import Path

import pytest

from heldout.store.contents import Entry, dump, parse
from heldout.store.files import Listed
from heldout.store.snapshot import snapshot


def file(name):
    return Listed(Path("/s") / name, 1, 1)


def entry(batch, units, probes=("p",), started=1.0, cell="c"):
    return Entry(batch, cell, started, "vmap", 4, tuple(probes), tuple(units))


def test_entries_survive_json():
    import json

    found = (entry("a", (1, 2), ("p", "q"), 1.25), entry("b", ()))
    assert parse(json.loads(dump(found))) == found


@pytest.mark.parametrize("rows", [None, 3, [1], [["a"]], [["a", "b", "x", "m", 4, [], []]], {"a": 1}])
def test_what_is_no_table_of_contents_is_noticed(rows):
    with pytest.raises((TypeError, ValueError)):
        parse(rows)


def test_of_equal_copies_the_part_counts():
    now = snapshot({file("batches/a"): (entry("a", (0, 1)),), file("parts/p"): (entry("a", (0, 1)), entry("b", (2,)))})
    assert now.surplus == (file("batches/a"),)
    assert now.paths == ["/s/parts/p"]
    assert now.lost_batches == ()


def test_a_batch_that_was_run_anew_counts_over_the_part():
    now = snapshot(
        {file("batches/a"): (entry("a", (0,), started=9.0),), file("parts/p"): (entry("a", (0,)), entry("b", (2,)))}
    )
    assert now.surplus == ()
    assert now.lost_batches == (("/s/parts/p", "a"),)
    assert now.done == {"c": {"p": {0, 2}}}


def test_a_run_counts_while_one_of_its_probes_does():
    now = snapshot(
        {file("1"): (entry("a", (0, 1), ("p", "q")),), file("2"): (entry("b", (1, 2), ("p",), started=2.0),)}
    )
    assert now.lost_units == (("/s/1", "a", 1, "p"),)
    now = snapshot(
        {file("1"): (entry("a", (0, 1), ("p",)),), file("2"): (entry("b", (1, 2), ("p", "q"), started=2.0),)}
    )
    assert now.lost_units == (("/s/1", "a", 1, ""), ("/s/1", "a", 1, "p"))


@pytest.mark.parametrize("seed", range(200))
def test_every_unit_counts_exactly_once(seed):
    """Against brute force: among all copies of (cell, unit, probe), one row is left, of the run that began last."""
    draw = random.Random(seed)  # noqa: S311
    files = {}
    for number in range(draw.randint(1, 5)):
        entries = []
        for _ in range(draw.randint(1, 4)):
            first, cell = draw.randint(0, 5), draw.choice("cd")
            units = tuple(range(first, first + draw.randint(0, 4)))
            probes = draw.choice([("p",), ("q",), ("p", "q")])
            name = f"{cell}-{units}-{probes}"
            if name not in {e.batch for e in entries}:
                entries.append(entry(name, units, probes, float(draw.randint(1, 3)), cell))
        files[file(f"{number}")] = tuple(entries)
    now = snapshot(files)
    copies, left = defaultdict(list), defaultdict(list)
    for path, entries in files.items():
        for one in entries:
            for probe in one.probes:
                for unit in one.units:
                    row = (str(path.path), one.batch)
                    copies[one.cell, unit, probe].append(one.started)
                    gone = path in now.surplus or row in now.lost_batches or (*row, unit, probe) in now.lost_units
                    if not gone:
                        left[one.cell, unit, probe].append(one.started)
    assert {key: [max(began)] for key, began in copies.items()} == left
    done = {(c, u, p) for c, probes in now.done.items() for p, units in probes.items() for u in units}
    assert done == set(copies)
    again = [
        (e.cell, u, p) for entries in now.contents.values() for e in entries for p in e.probes for u in e.units
    ]  # what a part would say
    assert sorted(again) == sorted(done)
