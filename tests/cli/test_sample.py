"""Instances on the command line: `heldout sample TASK`, and `heldout show TASK`."""

import json

import numpy as np
import pytest
from PIL import Image

import toys
from heldout.cli import task as tasks
from heldout.core.split import IID

TOYS = str(toys.__file__)
SUMS = "heldout.tasks.language.sums:Sums"
DIGITS = "corruptions:digits"


def rows(text):
    return [json.loads(line) for line in text.splitlines()]


def test_instances_come_with_their_answers_one_a_line(heldout):
    said = heldout("sample", SUMS, "--split", "6-digits", "--n", "5")
    assert said.code == 0
    for row in rows(said.out):
        a, b = (int(w) for w in row["text"].strip("What is?").split(" + "))
        assert row == {"task": "sums", "split": "6-digits", "text": row["text"], "answer": str(a + b)}
        assert len(str(a)) == len(str(b)) == 6
    assert len(rows(said.out)) == 5
    assert heldout("sample", SUMS, "--split", "6-digits", "--n", "5").out == said.out
    assert heldout("sample", SUMS, "--split", "6-digits", "--n", "5", "--seed", "1").out != said.out


def test_a_task_has_many_names(heldout):
    by_path = heldout("sample", SUMS, "--n", "3").out
    assert rows(by_path)[0]["split"] == "iid"
    assert heldout("sample", "heldout.tasks.language.sums.Sums", "--n", "3").out == by_path
    assert heldout("sample", f"{TOYS}:halves", "--n", "3").code == 0
    assert heldout("sample", TOYS, "--n", "3").out == heldout("sample", f"{TOYS}:halves", "--n", "3").out
    assert heldout("sample", f"{TOYS}:Halves", "--n", "3").out == heldout("sample", TOYS, "--n", "3").out
    assert heldout("sample", f"{TOYS}:asked", "--n", "3").code == 0
    assert heldout("sample", "sums:sums", "--n", "3").code == 0


def test_a_split_that_has_fewer_says_so(heldout):
    said = heldout("sample", "heldout.tasks.formal.modular:Modular", "--split", "train", "--n", "1000")
    assert len({r["text"] for r in rows(said.out)}) == len(rows(said.out)) == 480
    assert "has 480 instances to give, not 1000" in said.err


def test_images_are_written_beside_the_lines(heldout, tmp_path):
    said = heldout("sample", DIGITS, "--split", "train", "--n", "12", "--output", "here/some.jsonl")
    assert said.out == ""
    assert "wrote 12 instances to here/some.jsonl and 12 images" in said.err
    found = rows((tmp_path / "here/some.jsonl").read_text())
    assert [r["image"] for r in found] == [f"some-images/{i:02d}.png" for i in range(12)]
    task = tasks.one(DIGITS)
    drawn = task.samples(task.splits[0], tasks.key(task, 0, "sample:train"), 12)
    for row, sample in zip(found, drawn, strict=True):
        assert row["answer"] == sample.answer
        pixels = np.asarray(Image.open(tmp_path / "here" / row["image"]))
        assert np.array_equal(pixels, np.round(255 * sample.image))


def test_text_alone_makes_no_folder(heldout, tmp_path):
    heldout("sample", SUMS, "--output", "some.jsonl")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["some.jsonl"]
    assert len(rows((tmp_path / "some.jsonl").read_text())) == 10


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["corruptions:digit"], "has no task 'digit': there is digits, mnist"),
        (["corruptions"], "has 2 tasks: add one of :digits, :mnist"),
        ([SUMS, "--split", "5-digits"], "no split '5-digits': of its 4 there is 6-digits"),
        ([SUMS, "--n", "0"], "must be a whole number of at least 1"),
        (["heldout.tasks.language.sums:Sum"], "defines no `Sum`: there is"),
        (["heldout.tasks.language.sums:exact"], "neither a study nor a task"),
        (["heldout.nowhere:Task"], "there is no module 'heldout.nowhere'"),
        (["nothing:here"], "no study is called 'nothing'"),
        (["heldout.tasks.language.sums.Sum"], "defines no `Sum`: there is"),
        (["Nothing"], "no study is called 'Nothing'"),
        (["gone.py:task"], "no such file: gone.py"),
        ([DIGITS], "are images: give --output FILE"),
    ],
)
def test_what_is_wrong_is_one_line(heldout, arguments, said):
    assert said in heldout("sample", *arguments).line


def test_a_file_that_cannot_be_written_is_one_line(heldout, tmp_path):
    (tmp_path / "taken").write_text("")
    assert "cannot write to taken" in heldout("sample", SUMS, "--output", "taken/some.jsonl").line


def test_show_of_a_task_has_instances_of_every_split(heldout):
    out = heldout("show", SUMS, "-n", "3").out
    assert out.startswith("Task sums")
    parts = dict(part.split("\n", 1) for part in out.split("\n\n")[1:])
    assert list(parts) == ["iid", "6-digits", "12-digits", "24-digits"]
    assert all(part.count("What is ") == part.count(" -> ") == 3 for part in parts.values())
    assert "\n\n" not in heldout("show", SUMS, "-n", "0").out
    assert heldout("show", SUMS, "--json").json["name"] == "sums"


def test_show_of_a_task_of_images_draws_them(heldout):
    out = heldout("show", DIGITS, "-n", "1").out
    assert "train (training)" in out
    part = next(p for p in out.split("\n\n") if p.startswith("iid\n")).splitlines()
    task = tasks.one(DIGITS)
    image = task.samples(IID, tasks.key(task, "samples"), 1)[0].image
    assert f"[image {len(image)} x {len(image)}]" in part[1]
    drawn = [line[2:].ljust(2 * len(image)) for line in part[2:]]
    drawn += [" " * 2 * len(image)] * (len(image) - len(drawn))
    assert np.array_equal(np.array([list(line[::2]) for line in drawn]) != " ", np.round(9 * image) > 0)
