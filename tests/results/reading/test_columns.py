"""What columns are taken for, against what their authors mean."""

import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading.columns import recognise
from heldout.results.reading.layout import Profile


def text(name: str, distinct: int = 3) -> Profile:
    return Profile(name, 100, distinct, 0.0, whole=False, binary=False)


def real(name: str) -> Profile:
    return Profile(name, 100, 90, 1.0, whole=False, binary=False)


def whole(name: str, distinct: int = 5) -> Profile:
    return Profile(name, 100, distinct, 1.0, whole=True, binary=False)


@pytest.mark.parametrize(
    ("columns", "roles"),
    [
        (
            (text("algo"), text("env"), whole("seed"), real("return")),
            {"system": "algo", "task": "env", "run": "seed", "score": "return"},
        ),
        (
            (text("Model"), text("Dataset"), real("Accuracy (%)")),
            {"system": "Model", "task": "Dataset", "score": "Accuracy (%)"},
        ),
        (
            (text("agent"), whole("trial"), whole("step"), real("reward")),
            {"system": "agent", "run": "trial", "step": "step", "score": "reward"},
        ),
        ((text("method"), whole("epoch"), real("val_acc")), {"system": "method", "step": "epoch", "score": "val_acc"}),
        (
            (text("model"), text("question"), whole("epoch"), real("grade")),
            {"system": "model", "item": "question", "run": "epoch", "score": "grade"},
        ),
        (
            (text("llm"), text("prompt_id"), whole("total"), whole("correct")),
            {"system": "llm", "item": "prompt_id", "n": "total", "c": "correct"},
        ),
        (
            (text("left"), text("right"), text("vote"), text("judge")),
            {"first": "left", "second": "right", "winner": "vote", "voter": "judge"},
        ),
        (
            (text("system"), text("suite"), text("task"), real("score")),
            {"system": "system", "group": "suite", "task": "task", "score": "score"},
        ),
        *(
            ((text("model"), text(item, 90), real("score")), {"system": "model", "item": item, "score": "score"})
            for item in ("input", "prompt", "input_id", "Prompt ID")
        ),
        ((text("who"), real("points")), {"system": "who", "score": "points"}),
    ],
)
def test_roles(columns, roles):
    assert dict(recognise(columns, {}, "t").roles) == roles


@pytest.mark.parametrize(
    ("columns", "values", "across"),
    [
        ((text("model"), real("mmlu"), real("gsm8k"), real("Average"), real("#Params")), ("mmlu", "gsm8k"), "task"),
        ((text("task"), real("ours"), real("base")), ("ours", "base"), "system"),
        ((text("algo"), text("env"), real("seed 1"), real("seed 2")), ("seed 1", "seed 2"), "run"),
        ((text("question"), real("gpt"), real("llama")), ("gpt", "llama"), "system"),
        ((text(""), real("GPT-4"), real("Llama 3")), ("GPT-4", "Llama 3"), "system"),
        ((text(""), real("MMLU"), real("GSM8K")), ("MMLU", "GSM8K"), "task"),
        ((whole("seed"), real("ppo"), real("sac")), ("ppo", "sac"), "system"),
    ],
)
def test_wide(columns, values, across):
    found = recognise(columns, {}, "t")
    assert (found.values, found.across) == (values, across)


def test_every_column_has_a_line_and_guesses_say_so():
    found = recognise((text("who"), real("points"), text("remark")), {}, "t")
    assert len(found.notes) == 3
    assert any("a guess" in line for line in found.notes)
    assert any("'remark': ignored" in line or "'remark'" in line for line in found.notes)


def test_without_numbers():
    with pytest.raises(HeldoutError, match="no column holds scores"):
        recognise((text("model"), text("remark")), {}, "t")
