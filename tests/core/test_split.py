"""Named parts of a task's instances."""

from heldout.core.split import IID, TRAIN, At, Split, axes, select

SPLITS = (
    TRAIN,
    IID,
    Split("blur 1", "corruption", 1, "blur"),
    Split("blur 2", "corruption", 2, "blur"),
    Split("snow 1", "corruption", 1, "snow"),
    Split("long", "length", 40.0),
    Split("hospital", "site"),
)


def names(found):
    return [s.name for s in found]


def test_a_name_means_a_split_and_else_an_axis():
    assert names(select(SPLITS, "iid")) == ["iid"]
    assert names(select(SPLITS, "blur 2")) == ["blur 2"]
    assert names(select(SPLITS, "corruption")) == ["blur 1", "blur 2", "snow 1"]
    assert select(SPLITS, "noise") == ()


def test_an_at_admits_by_axis_level_and_group():
    assert names(select(SPLITS, At("corruption"))) == ["blur 1", "blur 2", "snow 1"]
    assert names(select(SPLITS, At("corruption", level=1))) == ["blur 1", "snow 1"]
    assert names(select(SPLITS, At("corruption", group="blur"))) == ["blur 1", "blur 2"]
    assert names(select(SPLITS, At("corruption", 1.0, "snow"))) == ["snow 1"]
    assert names(select(SPLITS, At("site"))) == ["hospital"]
    assert select(SPLITS, At("corruption", level=9)) == ()


def test_an_at_reads_as_one_would_write_it():
    assert str(At("corruption", 1.0, "blur")) == str(At("corruption", 1, "blur")) == "corruption[blur, 1]"
    assert str(At("length", 0.5)) == "length[0.5]"


def test_axes_come_in_order_of_appearance():
    assert axes(SPLITS) == ("corruption", "length", "site")
    assert axes((TRAIN, IID)) == ()


def test_only_train_splits_train():
    assert TRAIN.train
    assert not IID.train
    assert not Split("s").train
