import time
from dataclasses import dataclass, field
from typing import Any

import jax.numpy as jnp
import pytest
from made import Far, Plain

from heldout.core import HeldoutError, Probe
from heldout.core.cell import Cell
from heldout.probes.score import score
from heldout.runner import local
from heldout.runner.event import Event
from heldout.runner.plan import Batch
from heldout.store import Store
from toys import Halves, Search

PROBE = (Probe(score, n=3),)


@dataclass(frozen=True)
class Failing(Plain):
    """Fails as often as its list says, then works."""

    name: str = "failing"
    errors: list[Exception] = field(default_factory=list, compare=False)

    def start(self, task: Any, key: Any) -> list[Any]:
        if self.errors:
            raise self.errors.pop()
        return super().start(task, key)


def run(store: Store, *learners: Any) -> tuple[list[Any], list[Event]]:
    events: list[Event] = []
    batches = [Batch(Cell(Far(), learner), (0,), PROBE) for learner in learners]
    return list(local.execute(batches, store, events.append)), events


def test_what_fails_once_is_tried_again(store: Store) -> None:
    (report,), events = run(store, Failing(errors=[ConnectionError("gone")]))
    assert report.error is None
    assert [e.kind for e in events if e.kind != "progress"] == ["begin", "end"]


def test_what_fails_twice_is_reported_in_one_line_and_the_others_run(store: Store) -> None:
    failing = Failing(errors=[ConnectionError("the server said:\n500"), TimeoutError()])
    (failed, fine), _ = run(store, failing, Plain())
    assert failed.error == "ConnectionError: the server said:"
    assert fine.error is None
    assert store.done([Cell(Far(), failing).digest, Cell(Far(), Plain()).digest]).keys() == {
        Cell(Far(), Plain()).digest
    }


def test_what_the_user_can_mend_is_raised_at_once(store: Store) -> None:
    failing = Failing(errors=[ValueError("never reached"), HeldoutError("mend me")])
    with pytest.raises(HeldoutError, match="mend me"):
        run(store, failing)


@dataclass(frozen=True)
class Misfit(Search):
    """Its model is of another shape than its task can use."""

    name: str = "misfit"

    def model(self, task: Any, state: Any) -> Any:
        return jnp.zeros((3, 5)) + state.guess


def test_shapes_that_do_not_fit_are_said_at_once_and_not_tried_again(store: Store) -> None:
    batch = Batch(Cell(Halves(), Misfit(steps=2)), (0, 1), PROBE)
    with pytest.raises(HeldoutError, match=r"^misfit on halves: .*shapes.*: mend the shapes in the model") as caught:
        list(local.execute([batch], store, lambda _: None))
    assert "\n" not in str(caught.value)


def test_after_the_deadline_nothing_is_begun(store: Store) -> None:
    batches = [Batch(Cell(Far(), Plain()), (0,), PROBE)]
    assert list(local.execute(batches, store, lambda _: None, time.monotonic() - 1)) == []
