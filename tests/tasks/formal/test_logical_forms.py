import jax
import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.tasks.formal.logical_forms import ACTIVE, ACTOR, ALONE, LEXICAL, OBJECT, LogicalForms, laid_out

KEY = jax.random.key(0)
TASK = LogicalForms(1000, (3, 5))

VERBS = {
    "ate": "eat", "eaten": "eat", "broke": "break", "broken": "break", "found": "find", "moved": "move", "saw": "see",
    "seen": "see", "wanted": "want", "painted": "paint", "ran": "run", "slept": "sleep", "smiled": "smile",
    "waited": "wait", "hoped": "hope", "said": "say", "thought": "think",
}  # fmt: skip


def parsed(text):
    """The logical form by recursive descent, from the words alone."""
    at = 0

    def word():
        nonlocal at
        at += 1
        return text[at - 1]

    def next_is(*some):
        return at < len(text) and text[at] in some

    def noun():
        first = word()
        if first not in ("a", "the"):
            return first
        found = f"* {word()}" if first == "the" else word()
        if next_is("in", "on", "beside"):
            where = word()
            return f"{found} ( nmod.{where} = {noun()} )"
        return found

    def clause():
        subject = noun()
        if next_is("was"):
            word()
            verb = VERBS[word()]
            if next_is("by"):
                word()
                return f"{verb} ( theme = {subject} , agent = {noun()} )"
            return f"{verb} ( theme = {subject} )"
        verb = VERBS[word()]
        if next_is("that"):
            word()
            return f"{verb} ( agent = {subject} , ccomp = {clause()} )"
        if at < len(text):
            return f"{verb} ( agent = {subject} , theme = {noun()} )"
        return f"{verb} ( agent = {subject} )"

    if len(text) == 1:
        return text[0]
    found = clause()
    assert at == len(text)
    return found


def of(split):
    made = laid_out(TASK)
    return [(made.sources[row], made.answers[row][:-1]) for row in made.rows[split]]


def depth(form, mark):
    return sum(token.startswith(mark) for token in form)


def test_every_form_is_what_a_parser_makes_of_the_words():
    made = laid_out(TASK)
    for source, answer in zip(made.sources, made.answers, strict=True):
        assert " ".join(answer[:-1]) == parsed(source)


def test_no_sentence_stands_twice_and_splits_have_their_sizes():
    made = laid_out(TASK)
    assert len(set(made.sources)) == len(made.sources)
    assert len(made.rows["train"]) == 1000
    sizes = {name: len(rows) for name, rows in made.rows.items() if name != "train"}
    assert sizes["iid"] == sizes["place depth 3"] == sizes["clause depth 5"] == 500
    assert min(sizes.values()) > 200  # of a lantern that runs there are not so many


def test_training_lacks_what_is_asked():
    trained = of("train")
    forms = [" ".join(form) for _, form in trained]
    assert any(f"agent = {ACTOR}" in f or f"agent = * {ACTOR}" in f for f in forms)
    assert not any(f"theme = {ACTOR}" in f or f"theme = * {ACTOR}" in f for f in forms)
    assert any(f"theme = {OBJECT}" in f or f"theme = * {OBJECT}" in f for f in forms)
    assert not any(f"agent = {OBJECT}" in f or f"agent = * {OBJECT}" in f for f in forms)
    assert [s for s, _ in trained if ALONE in s] == [(ALONE,)]
    assert any(ACTIVE in s for s, _ in trained)
    assert not any(ACTIVE in s and "was" in s for s, _ in trained)
    assert max(depth(f, "nmod") for _, f in trained) == 2
    assert max(depth(f, "ccomp") for _, f in trained) == 2
    assert not any("agent = * cat (" in f or "agent = cat (" in f for f in forms)


def test_tests_have_what_they_are_named_for():
    for one, how in LEXICAL:
        assert all(one in s for s, _ in of(f"{one} {how}"))
    for _, form in of("place of a subject"):
        assert depth(form, "nmod") == 1
        assert form[5 + (form[4] == "*")] == "("
    for level in TASK.depths:
        assert {depth(f, "nmod") for _, f in of(f"place depth {level}")} == {level}
        assert {depth(f, "ccomp") for _, f in of(f"clause depth {level}")} == {level}


def test_the_lone_noun_is_drawn_as_often_as_the_others_held():
    made = laid_out(TASK)
    assert made.weights[0] / made.weights.sum() == pytest.approx(0.02)
    with_actor = np.mean([ACTOR in s for s, _ in of("train")])
    assert with_actor == pytest.approx(0.02, abs=0.015)


def test_items_are_answered_by_the_oracle():
    for split in TASK.splits:
        assert (TASK.trials(TASK.oracle(), split, KEY, 40).score == 1).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: LogicalForms(10), "sentences=10 must lie between 200"),
        (lambda: LogicalForms(depths=(2,)), "must lie between 3 and 8"),
        (lambda: LogicalForms(depths=()), "must lie between 3 and 8"),
    ],
)
def test_what_cannot_be_made_is_one_line(wrong, message):
    with pytest.raises(HeldoutError, match=message):
        wrong()
