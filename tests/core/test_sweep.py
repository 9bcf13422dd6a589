"""One learner under many configurations."""

from dataclasses import dataclass, field

import numpy as np
import pytest

from heldout.core.digest import digest
from heldout.core.errors import HeldoutError
from heldout.core.sweep import Choice, LogUniform, Sweep, Uniform, members


@dataclass(frozen=True)
class Net:
    width: int = 8

    @property
    def name(self):
        return f"net of {self.width}"


@dataclass(frozen=True)
class Learner:
    lr: float = 0.1
    net: Net = field(default_factory=Net)
    name: str = "learner"


def test_choices_alone_are_a_full_grid():
    sweep = Sweep(Learner(), (("lr", Choice(0.1, 0.2)), ("net.width", Choice(4, 8, 16))), configs=1)
    found = sweep.members()
    assert [text for text, _ in found[:2]] == ["lr=0.1 net.width=4", "lr=0.1 net.width=8"]
    assert [(m.lr, m.net.width) for _, m in found] == [(a, b) for a in (0.1, 0.2) for b in (4, 8, 16)]


def test_ranges_are_drawn_at_random_and_the_same_every_time():
    sweep = Sweep(Learner(), (("lr", LogUniform(1e-4, 1e-1)), ("net.width", Choice(4, 8))), configs=50)
    found = [learner for _, learner in sweep.members()]
    assert found == [learner for _, learner in Sweep(Learner(), sweep.ranges, configs=50).members()]
    rates = np.array([m.lr for m in found])
    assert ((rates >= 1e-4) & (rates <= 1e-1)).all()
    assert {m.net.width for m in found} == {4, 8}
    assert (rates < 1e-3).mean() == pytest.approx(1 / 3, abs=0.25)  # evenly in the logarithm: a third in each decade


def test_more_configurations_begin_with_the_fewer():
    few, many = (Sweep(Learner(), (("lr", Uniform(0, 1)),), configs=n).members() for n in (3, 6))
    assert many[:3] == few


def test_a_swept_spec_is_shown_by_its_name():
    sweep = Sweep(Learner(), [("net", Choice(Net(2), Net(4)))])
    assert [text for text, _ in sweep.members()] == ["net=net of 2", "net=net of 4"]
    assert sweep.name == "learner"


def test_a_sweep_can_be_hashed_and_digested_however_its_ranges_are_given():
    a, b = Sweep(Learner(), [("lr", Choice(1, 2))]), Sweep(Learner(), (("lr", Choice(1, 2)),))
    assert hash(a) == hash(b)
    assert a == b
    assert digest(a) == digest(b)
    assert digest(a) != digest(Sweep(Learner(), [("lr", Choice(1, 3))]))


def test_a_learner_without_a_sweep_is_its_only_member():
    assert members(Learner()) == [("", Learner())]
    assert len(members(Sweep(Learner(), [("lr", Choice(1, 2, 3))]))) == 3


def test_ranges_reach_both_ends():
    assert (Uniform(2, 4).at(0.0), Uniform(2, 4).at(1.0)) == (2, 4)
    assert LogUniform(1e-4, 1e-2).at(0.5) == pytest.approx(1e-3)
    assert [Choice("a", "b").at(q) for q in (0.0, 0.49, 0.5, 0.999)] == ["a", "a", "b", "b"]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: LogUniform(0, 1), "0 < low"),
        (lambda: Uniform(2, 1), "empty"),
        (Choice, "empty"),
        (lambda: Sweep(Learner(), [("lrr", Choice(1))]), "no field 'lrr': there is lr, net, name"),
        (lambda: Sweep(Learner(), [("lr.x", Choice(1))]), "no field 'x'"),
        (lambda: Sweep(Learner(), [("lr", Uniform(0, 1))], configs=0), "at least one configuration"),
        (lambda: Sweep(Learner(), []), "needs a range"),
    ],
)
def test_bad_ranges_are_said_when_the_sweep_is_made(make, said):
    with pytest.raises(HeldoutError, match=said):
        make()
