"""Questions to be turned into queries, with test sets that combine rules otherwise than the train set.

After CFQ and its splits of maximum compound divergence, "Measuring Compositional Generalization" (Keysers et al., 2020).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

import jax
import jax.numpy as jnp
import numpy as np
from scipy import sparse

from heldout.core.errors import HeldoutError
from heldout.core.seeds import Words, words
from heldout.core.split import IID, TRAIN, Split
from heldout.core.task import Outcomes, Sample
from heldout.stats.divergence import Occurrences, weights
from heldout.stats.splitting import Splitting, Wanted, matched, split
from heldout.tasks.formal.question_grammar import GRAMMAR, Tree, compounds, drawn, query, question, rules
from heldout.tasks.interfaces import Batch, Loss

HELD = 0.1
"""The share of the train part that is held out for `iid`, and the size of every other test set; as many more are spared, so that
test sets of small divergence can be made up."""
BEYOND = 0.03
"""How much more than the largest divergence is asked of the first split, since its train part then loses examples to `iid`."""


@dataclass(frozen=True)
class Questions:
    """Give the query for a question, trained on a set of questions that lacks some combinations of rules.

    `questions`: how many different ones are drawn. `divergence`: the axis, levels of compound divergence between the one train
    set and a test set each, at an atom divergence of at most 0.02; `iid` is drawn from the train set's distribution. A question
    is read as one-hot words, then as many empty tokens as the longest query has words; the query is read out there. The score
    is 1 where all its words are right. The fact `unseen` is the share of a question's compounds, by weight, that train lacks.

    `who direct and edit M1` is `x direct M1 x edit M1 .`.
    `did M0 marry a actor that follow M2` is `M0 marry y y is actor y follow M2 .`.
    """

    questions: int = 8000
    divergence: tuple[float, ...] = (0.1, 0.25, 0.4, 0.55, 0.7)

    version: ClassVar[int] = 2
    traced: ClassVar[bool] = True
    name: ClassVar[str] = "questions"

    def __post_init__(self) -> None:
        levels = self.divergence
        if not levels or list(levels) != sorted(set(levels)) or not 0 < levels[0] <= levels[-1] < 1:
            raise HeldoutError(f"divergence={levels} must be rising levels between 0 and 1, such as (0.2, 0.4, 0.6)")
        if not 500 <= self.questions <= 20_000:
            raise HeldoutError(f"questions={self.questions} must lie between 500 and 20,000")

    @property
    def splits(self) -> tuple[Split, ...]:
        """Train, iid, and one split per divergence."""
        return (TRAIN, IID, *(Split(f"divergence-{d:g}", "divergence", d) for d in self.divergence))

    @property
    def bounds(self) -> tuple[float, float]:
        """Wrong and right."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """Always giving the most common query."""
        return laid_out(self).chance

    @property
    def inputs(self) -> tuple[int, int]:
        """Positions, and words with the empty token."""
        made = laid_out(self)
        return made.words.shape[1] + made.targets.shape[1], len(made.vocabulary) + 1

    @property
    def outputs(self) -> int:
        """The number of words in queries."""
        return len(laid_out(self).answers)

    @property
    def loss(self) -> Loss:
        """Cross entropy over the words of queries."""
        return "cross entropy"

    def draw(self, split: Split, key: jax.Array, n: int) -> Batch:
        """Draw `n` questions of a split, with replacement."""
        rows = jnp.asarray(laid_out(self).rows[split.name])
        return laid_out(self).batch(rows[jax.random.randint(key, (n,), 0, len(rows))])

    def grade(self, batch: Batch, outputs: jax.Array) -> jax.Array:
        """1 where the largest output is right at every word of the query, and at its end."""
        wrong = (outputs.argmax(-1) != batch.targets) & (batch.weights > 0)
        return 1.0 - wrong.any(-1).astype(jnp.float32)

    def trials(self, model: Any, split: Split, key: jax.Array, n: int) -> Outcomes:
        """Ask `n` different questions, or all where there are no more."""
        made = laid_out(self)
        rows = jax.random.permutation(key, jnp.asarray(made.rows[split.name]))[:n]
        batch = made.batch(rows)
        item = jnp.stack([rows, jnp.zeros_like(rows)], 1).astype(jnp.uint32)
        facts = {"unseen": jnp.asarray(made.unseen)[rows], "words": batch.weights.sum(-1)}
        return Outcomes(item, self.grade(batch, model(batch.inputs)), facts)

    def samples(self, split: Split, key: jax.Array, n: int) -> list[Sample]:
        """Questions with their queries."""
        made = laid_out(self)
        rows = np.asarray(jax.random.permutation(key, jnp.asarray(made.rows[split.name])))[:n]
        return [Sample(" ".join(question(made.trees[row])), " ".join(query(made.trees[row]))) for row in rows]

    def oracle(self) -> "Known":
        """Knows every query."""
        return Known(self)


@dataclass(frozen=True, eq=False)
class World:
    """All questions: `words` (n, room) with -1 beyond the end, `targets` (n, asked) with -1 there, `rows` of each split.

    `divergences`: (compounds, atoms) from the train set, by split. `unseen`: (n,).
    """

    trees: Sequence[Tree]
    words: np.ndarray
    targets: np.ndarray
    vocabulary: tuple[str, ...]
    answers: tuple[str, ...]
    rows: dict[str, np.ndarray]
    divergences: dict[str, tuple[float, float]]
    unseen: np.ndarray

    @property
    def chance(self) -> float:
        """The share of the most common query."""
        return float(np.unique(self.targets, axis=0, return_counts=True)[1].max() / len(self.targets))

    def batch(self, rows: jax.Array) -> Batch:
        """Questions laid out for a model, the query's first word at the first position after the longest question."""
        read, asked = jnp.asarray(self.words)[rows], jnp.asarray(self.targets)[rows]
        empty = jnp.full_like(asked, len(self.vocabulary))
        shown = jnp.concatenate([read, empty], 1)[..., None] == jnp.arange(len(self.vocabulary) + 1)
        silent = jnp.zeros_like(read)
        targets = jnp.concatenate([silent, jnp.maximum(asked, 0)], 1)
        counted = jnp.concatenate([silent, (asked >= 0).astype(silent.dtype)], 1)
        return Batch(shown.astype(jnp.float32), targets, counted.astype(jnp.float32))


@dataclass(frozen=True)
class Known:
    """The model that looks a question up."""

    task: Questions

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """(n, positions, words) to (n, positions, outputs)."""
        made = laid_out(self.task)
        room = made.words.shape[1]
        read = jnp.where(inputs[:, :room].any(-1), inputs[:, :room].argmax(-1), -1)
        row = (read[:, None] == jnp.asarray(made.words)).all(-1).argmax(-1)
        return jax.nn.one_hot(made.batch(row).targets, len(made.answers))


@lru_cache(maxsize=8)
def laid_out(task: Questions) -> World:
    """All questions with their splits, the same in every process."""
    trees = _different(task.questions, words("questions", task.questions).generator())
    texts, queries = [question(t) for t in trees], [query(t) for t in trees]
    vocabulary, answers = (tuple(sorted({w for text in all_ for w in text})) for all_ in (texts, queries))
    atoms, used = parts(trees)
    rows, divergences = _parted(task, atoms, used)
    lacking = used[rows["train"]].sum(axis=0) == 0
    whole = used.sum(axis=1)
    unseen = used @ lacking.astype(float) / np.where(whole > 0, whole, 1.0)
    shown = _numbered(texts, vocabulary), _numbered(queries, answers)
    return World(trees, *shown, vocabulary, answers, rows, divergences, unseen.astype(np.float32))


def parts(trees: Sequence[Tree]) -> tuple[sparse.csr_array, sparse.csr_array]:
    """(trees, rules) how often each rule is applied, and (trees, compounds) the weight of each compound."""
    place = {rule: i for i, rule in enumerate(r for rules_ in GRAMMAR.values() for r in rules_)}
    applied = [[place[rule] for rule in rules(tree)] for tree in trees]
    row = np.repeat(np.arange(len(trees)), [len(a) for a in applied])
    at = np.concatenate(applied)
    atoms = sparse.csr_array((np.ones(len(at)), (row, at)), shape=(len(trees), len(place)))
    atoms.sum_duplicates()
    known: dict[tuple, int] = {}
    example, compound, inside = [], [], []
    for i, tree in enumerate(trees):
        found, within = compounds(tree)
        inside += [(a + len(example), b + len(example)) for a, b in within]
        example += [i] * len(found)
        compound += [known.setdefault(one, len(known)) for one in found]
    occurrences = Occurrences(np.array(example), np.array(compound), np.array(inside))
    return atoms, weights(occurrences, len(trees), len(known))


def _different(n: int, rng: np.random.Generator) -> list[Tree]:
    found: dict[Tree, None] = {}
    while len(found) < n:
        found.setdefault(drawn(rng))
    return list(found)


def _numbered(texts: Sequence[tuple[str, ...]], known: tuple[str, ...]) -> np.ndarray:
    """(texts, longest) int32 places among the known words, -1 beyond the end."""
    made = np.full((len(texts), max(map(len, texts))), -1, np.int32)
    for row, text in zip(made, texts, strict=True):
        row[: len(text)] = [known.index(word) for word in text]
    return made


def _parted(
    task: Questions, atoms: sparse.csr_array, used: sparse.csr_array
) -> tuple[dict[str, np.ndarray], dict[str, tuple[float, float]]]:
    """The rows of each split, and the divergences of the test sets. HeldoutError where a level cannot be reached."""
    start: Words = words("questions", task.questions, str(task.divergence))
    first = split(atoms, used, Wanted(min(task.divergence[-1] + BEYOND, 1.0)), start.low)
    train = start.generator().permutation(first.train)
    size = round(HELD * len(train))
    iid, train = np.sort(train[:size]), np.sort(train[2 * size :])
    pool = np.setdiff1d(np.arange(len(first.side)), np.concatenate([iid, train]))
    rows, divergences = {"train": train, "iid": iid}, {}
    for level, shifted in zip(task.divergence, task.splits[2:], strict=True):
        found: Splitting = matched(atoms, used, train, pool, size, Wanted(level, tolerance=0.02), start.low)
        if not found.reached:
            raise HeldoutError(
                f"{task.name}: a compound divergence of {level:g} cannot be reached among {task.questions:,} questions: the "
                f"nearest has {found.compounds:.3f}, with an atom divergence of {found.atoms:.3f}; give other levels"
            )
        rows[shifted.name] = found.test
        divergences[shifted.name] = found.compounds, found.atoms
    return rows, divergences
