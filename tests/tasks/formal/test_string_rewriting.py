import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.string_rewriting import HELD, StringRewriting, laid_out, rewritten, shares

KEY = jax.random.key(0)
TASK = StringRewriting(64, 600)


def read(source):
    """x, y and the string of a source."""
    x, rest = "".join(source).split(">")
    return (x, *rest.split(":"))


def given(pairs, split):
    return [read(pairs.sources[row]) for row in pairs.rows[split]]


@pytest.mark.parametrize("task", [TASK, StringRewriting(32, 300, letters=5, pattern=1, replacement=3, absent=0.5)])
def test_answers_are_those_of_python(task):
    pairs = task.pairs
    for source, answer in zip(pairs.sources, pairs.answers, strict=True):
        x, y, string = read(source)
        assert "".join(answer) == string.replace(x, y, 1) + "."
        assert (len(x), len(y), len(string)) == (task.pattern, task.replacement, task.length)
        assert x != y


def test_the_instances_of_the_docstring():
    assert rewritten("eabaab", "ab", "cd") == "ecdaab"
    assert rewritten("eaabba", "ab", "cd") == "eacdba"
    assert rewritten("eabaab", "ff", "cd") == "eabaab"


def test_unseen_instructions_are_never_given_and_the_same_whatever_is_trained_on():
    some, more = laid_out(TASK), laid_out(StringRewriting(300, 900, 1.0))
    for pairs, n in ((some, 64), (more, 300)):
        trained = {(x, y) for x, y, _ in given(pairs, "train")}
        unseen = {(x, y) for x, y, _ in given(pairs, "unseen")}
        assert len(trained) == n
        assert len(unseen) == HELD
        assert not trained & unseen
        assert {(x, y) for x, y, _ in given(pairs, "iid")} <= trained
    assert given(some, "unseen") == given(more, "unseen")
    assert {(x, y) for x, y, _ in given(some, "train")} < {(x, y) for x, y, _ in given(more, "train")}


def test_all_sources_differ():
    pairs = laid_out(TASK)
    assert len(set(pairs.sources)) == len(pairs.sources) == 600 + 2 * HELD
    assert sorted(np.concatenate(list(pairs.rows.values()))) == list(range(len(pairs.sources)))


def test_some_strings_lack_what_is_to_be_replaced():
    for absent in (0.0, 0.4):
        task = StringRewriting(64, 2000, absent=absent)
        lacking = np.mean([x not in string for x, _, string in given(task.pairs, "train")])
        assert lacking == pytest.approx(absent, abs=0.04)


def test_the_examples_of_instructions_are_as_many_as_is_said():
    pairs = laid_out(StringRewriting(50, 1000, 1.0))
    trained = [(x, y) for x, y, _ in given(pairs, "train")]
    counts = np.array(sorted((trained.count(one) for one in set(trained)), reverse=True))
    assert counts.tolist() == shares(50, 1000, 1.0).tolist()
    facts = pairs.facts["examples"]
    assert all(facts[row] == trained.count(read(pairs.sources[row])[:2]) for row in pairs.rows["iid"])
    assert (facts[pairs.rows["unseen"]] == 0).all()


def test_shares_follow_a_power_of_the_rank():
    assert shares(8, 64, 0.0).tolist() == [8] * 8
    found = shares(100, 10**6, 1.5)
    assert found.sum() == 10**6
    slope = np.polyfit(np.log(np.arange(1, 21)), np.log(found[:20]), 1)[0]
    assert slope == pytest.approx(-1.5, abs=0.02)
    assert shares(10, 10, 2.0).tolist() == [1] * 10


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: StringRewriting(5000), "instructions=5000 must lie between 1 and 3,520"),
        (lambda: StringRewriting(100, 50), "must lie between 1 and 50"),
        (lambda: StringRewriting(letters=1), "letters=1"),
        (lambda: StringRewriting(pattern=7), "pattern=7"),
        (lambda: StringRewriting(skew=-1), "skew=-1"),
        (lambda: StringRewriting(absent=1.0), "absent=1"),
        (lambda: laid_out(StringRewriting(1, 4000, length=2)), "no more strings of length=2"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
