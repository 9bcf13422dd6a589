"""All fifteen tasks against brute force in plain Python, string by string; and what they share."""

import math
import re

import jax
import numpy as np
import pytest

from heldout.core import IID, TRAIN
from heldout.core.errors import HeldoutError
from heldout.tasks.formal.binary_addition import BinaryAddition
from heldout.tasks.formal.binary_multiplication import BinaryMultiplication
from heldout.tasks.formal.bucket_sort import BucketSort
from heldout.tasks.formal.compute_sqrt import ComputeSqrt
from heldout.tasks.formal.cycle_navigation import CycleNavigation
from heldout.tasks.formal.duplicate_string import DuplicateString
from heldout.tasks.formal.even_pairs import EvenPairs
from heldout.tasks.formal.missing_duplicate import MissingDuplicate
from heldout.tasks.formal.modular_arithmetic import ModularArithmetic
from heldout.tasks.formal.modular_arithmetic_brackets import ModularArithmeticBrackets
from heldout.tasks.formal.odds_first import OddsFirst
from heldout.tasks.formal.parity import Parity
from heldout.tasks.formal.reverse_string import ReverseString
from heldout.tasks.formal.solve_equation import SolveEquation
from heldout.tasks.formal.stack_manipulation import StackManipulation
from heldout.tasks.formal.transduction import texts
from heldout.tasks.interfaces import Examples

KEY = jax.random.key(7)


def arithmetic(text):
    """Python reads these expressions as we do."""
    assert re.fullmatch(r"[-+*()0-4]+", text)
    return eval(text) % 5  # noqa: S307 - checked above


def equation(text):
    left, right = text.split("=")
    (found,) = (str(x) for x in range(5) if arithmetic(left.replace("x", str(x))) == int(right))
    return found


def binary(text, sign):
    first, second = (int("0" + n[::-1], 2) for n in text.split(sign))
    found = first + second if sign == "+" else first * second
    return (bin(found)[:1:-1] if found else "") + "."


def manipulated(text):
    stack = []
    for symbol in text:
        if symbol != "-":
            stack.append({"o": "0", "i": "1"}.get(symbol, symbol))
        elif stack:
            stack.pop()
    return "".join(reversed(stack)) + "."


def missing(text):
    halves = text.rstrip("_")
    half = len(halves) // 2
    (found,) = (b for b in "01" if (whole := halves.replace("?", b))[:half] == whole[half:])
    assert len(text) - len(halves) == len(text) % 2
    return found


def root(text):
    return format(math.isqrt(int(text, 2)), "b").zfill((len(text) + 1) // 2)


TASKS = {
    Parity: lambda t: str(t.count("1") % 2),
    EvenPairs: lambda t: str(sum(a != b for a, b in zip(t, t[1:], strict=False)) % 2),
    CycleNavigation: lambda t: str((t.count(">") - t.count("<")) % 5),
    ModularArithmetic: lambda t: str(arithmetic(t)),
    ModularArithmeticBrackets: lambda t: str(arithmetic(t)),
    ReverseString: lambda t: t[::-1],
    StackManipulation: manipulated,
    SolveEquation: equation,
    DuplicateString: lambda t: t + t,
    MissingDuplicate: missing,
    OddsFirst: lambda t: t[::2] + t[1::2],
    BinaryAddition: lambda t: binary(t, "+"),
    BinaryMultiplication: lambda t: binary(t, "*"),
    ComputeSqrt: root,
    BucketSort: lambda t: "".join(sorted(t)),
}


@pytest.mark.parametrize("kind", TASKS)
def test_answers_are_those_of_brute_force(kind):
    task = kind(20, (31,))
    found = task.samples(IID, KEY, 60)
    for sample in found:
        assert sample.answer == TASKS[kind](sample.text), sample.text
    assert len({s.text for s in found}) == len(found)
    lengths = {len(s.text) for s in found}
    assert lengths <= set(range(task.shortest, 21, task.stride))
    assert len(lengths) > 4


@pytest.mark.parametrize("kind", [ReverseString, MissingDuplicate, BinaryAddition, BinaryMultiplication, ComputeSqrt])
def test_answers_to_longer_strings_too(kind):
    task = kind(12, (71, 80))
    for split in task.splits[2:]:
        for sample in task.samples(split, KEY, 5):
            assert len(sample.text) == split.level
            assert sample.answer == TASKS[kind](sample.text), sample.text


@pytest.mark.parametrize("kind", TASKS)
def test_the_docstrings_instances_are_right(kind):
    instances = re.split(r"(?<=`)\.\s+", kind.__doc__.strip().split("\n\n")[-1].strip())
    pairs = [(quoted[0], quoted[-1]) for quoted in (re.findall(r"`([^`]+)`", one) for one in instances)]
    assert len(pairs) == 2
    for text, answer in pairs:
        assert TASKS[kind](text) == answer, text


@pytest.mark.parametrize("kind", [ModularArithmeticBrackets, BinaryMultiplication])
def test_the_oracle_reads_what_it_is_shown(kind):
    task = kind(12, (20,))
    batch = jax.jit(lambda key: task.draw(TRAIN, key, 50))(KEY)
    assert isinstance(task, Examples)
    assert batch.inputs.shape == (50, *task.inputs)
    assert batch.targets.shape == batch.weights.shape == batch.inputs.shape[:2]
    outputs = jax.jit(task.oracle())(batch.inputs)
    assert outputs.shape == (*batch.targets.shape, task.outputs)
    answered = np.asarray(batch.weights).sum(1) > 0
    assert 30 < answered.sum() < 50  # the others are kept for iid
    assert (np.asarray(task.grade(batch, outputs))[answered] == 1).all()
    assert (np.asarray(task.grade(batch, -outputs)) == 0).all()


def test_a_string_is_laid_out_with_empty_tokens_where_the_answer_is_read():
    task = ReverseString(12, (20,))
    batch = task.lay_out(np.array([[0, 1, 1, 0]]), np.array([3]))
    assert np.asarray(batch.inputs)[0].argmax(-1).tolist()[:6] == [0, 1, 1, 2, 2, 2]
    assert np.asarray(batch.inputs)[0].sum(-1).tolist() == [1, 1, 1, 1, 1, 1, 0, 0]
    assert batch.targets[0].tolist() == [0, 0, 0, 1, 1, 0, 0, 0]
    assert batch.weights[0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("kind", [DuplicateString, BinaryAddition])
def test_strings_of_one_length_are_laid_out_alike_whether_or_not_that_is_known_before(kind):
    task = kind(12, (35,))
    strings, length = task.different(task.splits[-1], KEY, 30)
    told = jax.jit(task.lay_out)(strings, np.full(30, length))
    for known, other in zip(jax.jit(task.lay_out, static_argnums=1)(strings, length), told, strict=True):
        assert known.dtype == other.dtype
        assert np.array_equal(known, other)


def test_whole_words_carry_into_the_next():
    written = []
    for bits in (1, 31, 32, 33, 63, 64, 95):
        full, none = "1" * bits, "0" * bits
        written += [f"{full}+1", f"1+{full}", f"{full}+{full}", f"{full}+0", f"{none}1+{full}", f"0+{none}"]
    length = np.array([len(text) for text in written])
    strings = np.array([["01+".index(x) for x in text.ljust(max(length), "0")] for text in written])
    answer = jax.jit(BinaryAddition(12, (20,)).solved)(strings, length)
    assert texts("01.", np.asarray(answer.symbols), answer.size) == [binary(text, "+") for text in written]


def test_texts_end_where_they_are_told():
    assert texts("ab-", np.array([[0, 1, 2], [2, 2, 9]]), [3, 2]) == ["ab-", "--"]


def test_the_score_is_the_share_of_symbols():
    task = ReverseString(12, (20,))
    batch = task.lay_out(np.array([[0, 1, 1, 0]]), np.array([4]))
    outputs = np.zeros((1, 8, 2))
    outputs[..., 1] = 1  # answers 1 everywhere
    assert task.grade(batch, outputs).tolist() == [0.5]


def test_training_never_learns_from_what_is_kept_for_iid():
    task = Parity(12, (20,))
    kept = task.trials(task.oracle(), IID, KEY, 300).item
    shown = [task.trials(task.oracle(), TRAIN, jax.random.key(i), 300).item for i in range(4)]
    kept, shown = ({tuple(i) for i in np.asarray(x).tolist()} for x in (kept, np.concatenate(shown)))
    assert len(kept) == 300
    assert len(shown) > 500
    assert not kept & shown
    batch = task.draw(TRAIN, KEY, 2000)
    blind = np.asarray(batch.weights).sum(1) == 0
    assert blind.mean() == pytest.approx(1 / 8, abs=0.03)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Parity(5), "train=5 leaves too few strings: give at least 12"),
        (lambda: Parity(40), "length-40 is not longer than the training strings, of up to 40"),
        (lambda: ModularArithmetic(39, (40,)), "length-40 is not longer"),
        (lambda: Parity(20, (40, 40)), "name one twice"),
    ],
)
def test_bad_lengths_are_refused_in_a_line(make, message):
    with pytest.raises(HeldoutError, match=message) as caught:
        make()
    assert "\n" not in str(caught.value)
