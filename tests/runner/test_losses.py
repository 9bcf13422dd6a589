"""What is lost or done twice at once: weights, endpoints, machines with one process number."""

import json
import os
import threading
from unittest import mock

from made import Onwards

import toys
from heldout.core import Budget, HeldoutError, Paper, Study, Trained, score
from heldout.core.cell import grid
from heldout.evidence import keep, verify
from heldout.lab import Options, conduct
from heldout.runner import mode, samples
from heldout.store import open_store


def test_two_lost_files_of_weights_cost_no_other_seed(tmp_path):
    base = toys.Search(steps=20)
    study = Study(
        Paper("lost"),
        (toys.halves,),
        (base, Onwards(rate=0.0, steps=5, initial=Trained(None, base))),
        {"c": score(toys.halves, base) > 0.5},
        budget=Budget(seeds=6, minutes=2),
    )
    store = open_store(tmp_path / "st")
    first = conduct(study, store, Options(workers=1)).verdicts[0]
    cell = next(c for c in grid(study) if c.learner == base)
    for seed in (0, 3):
        (store.folder / "weights" / cell.digest / f"{seed}.safetensors").unlink()
    again = conduct(study, open_store(tmp_path / "st"), Options(workers=1)).verdicts[0]
    assert (again.verdict, again.n) == (first.verdict, first.n) == ("supported", 6)


class Down(toys.Sums):
    """Sums behind an endpoint that may be down."""

    broken = False

    def trials(self, *asked):
        if Down.broken:
            raise ConnectionError("endpoint is down")
        return super().trials(*asked)


def test_a_replay_of_which_nothing_ran_does_not_agree(tmp_path):
    task = Down()
    claims = {"adds": score(task, toys.adder) > 0.995}
    study = Study(Paper("down"), (task,), (toys.adder,), claims, budget=Budget(items=200, minutes=2))
    store = open_store(tmp_path / "st")
    path = keep(conduct(study, store, Options(workers=1)), store, tmp_path)
    assert [c.agrees for c in verify(study, path, workers=1)] == [True]
    with mock.patch.object(Down, "broken", True):
        assert [c.agrees for c in verify(study, path, workers=1)] == [False]
    path.write_text(json.dumps({**json.loads(path.read_text()), "units": {}}))
    assert [c.agrees for c in verify(study, path, workers=1)] == [False]


def test_two_machines_with_processes_of_one_number_settle_on_one_mode(tmp_path):
    store = open_store(tmp_path / "st")
    link, both = os.link, threading.Barrier(2)
    path, said = store.path("modes", "c.txt"), {}

    def slowly(source, target):
        both.wait(5)
        link(source, target)

    def go(word):
        try:
            said[word] = mode._kept(store, path, word)
        except HeldoutError as error:
            said[word] = str(error)

    with mock.patch("os.link", slowly):
        together(*(threading.Thread(target=go, args=(word,)) for word in ("vmap", "map")))
    assert set(said.values()) == {path.read_text()}


def together(*threads):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_samples_are_written_by_two_at_once(tmp_path):
    wrong = []

    def go():
        try:
            for _ in range(100):
                samples.write(toys.sums, tmp_path / "s")
        except OSError as error:
            wrong.append(error)

    together(threading.Thread(target=go), threading.Thread(target=go))
    assert wrong == []
