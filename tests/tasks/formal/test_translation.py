from dataclasses import dataclass, field
from typing import ClassVar

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np

from heldout.core.split import IID, TRAIN
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.decoder import Decoder
from heldout.models.decoding import Room, greedy
from heldout.models.encoder_decoder import EncoderDecoder
from heldout.models.transformer import Transformer
from heldout.tasks.formal.translation import END, Pairs, Translation, written

KEY = jax.random.key(0)
SOURCES = [("a",), ("a", "b"), ("b", "a", "c"), ("c", "c", "c"), ("b", "b")]
TABLE = Pairs(
    SOURCES,
    [(*reversed([t.upper() for t in s]), END) for s in SOURCES],
    {"train": np.arange(3), "iid": np.arange(3, 5)},
    {"length": np.array([1.0, 2.0, 3.0, 3.0, 2.0])},
)


@dataclass(frozen=True)
class Reversed(Translation):
    """Five words to be reversed in capitals."""

    weighted: bool = False
    version: ClassVar[int] = 1
    name: str = field(default="reversed", compare=False)

    @property
    def pairs(self):
        if not self.weighted:
            return TABLE
        return Pairs(TABLE.sources, TABLE.answers, TABLE.rows, TABLE.facts, np.array([1.0, 0.0, 3.0]))

    @property
    def splits(self):
        return TRAIN, IID


def test_a_pair_is_laid_out_with_its_answer_one_position_behind():
    task = Reversed()
    batch = task._batch(jnp.arange(5))
    tokens = (*TABLE.tokens, "mark")
    for source, answer, shown, target, weight in zip(SOURCES, TABLE.answers, *map(np.asarray, batch), strict=True):
        read = [tokens[row.argmax()] if row.any() else None for row in shown]
        assert read[:3] == [*source, *[None] * (3 - len(source))]
        assert read[3] == "mark"
        assert read[4:] == [*answer[:-1], *[None] * (4 - len(answer))]
        asked = weight > 0
        assert [TABLE.written[t] for t in target[asked]] == list(answer)
        assert np.flatnonzero(asked).tolist() == list(range(3, 3 + len(answer)))
    assert batch.inputs.shape[1:] == task.inputs
    assert task.outputs == len(TABLE.written) == 4


def test_what_is_written_is_what_is_decoded_token_by_token():
    task, end = Reversed(), TABLE.written.index(END)
    inputs = task._batch(jnp.arange(5)).inputs
    room = Room(task.source + 1, task.inputs[0] - task.source, end)

    @eqx.filter_jit
    def both(model):
        return written(model, inputs, task.source)[:, task.source :], greedy(model, inputs, room).tokens[:, 0]

    for architecture in (Decoder(8, 2, 2, prefix=3), EncoderDecoder(8, 1, 2, source=task.source)):
        for seed in range(8):
            model = architecture.build(jax.random.key(seed), task.inputs, task.outputs)
            for mine, theirs in zip(*map(np.asarray, both(model)), strict=True):
                size = [*theirs, end].index(end) + 1
                assert mine[:size].tolist() == theirs[:size].tolist()


def test_right_when_shown_the_answer_is_right_when_writing_for_a_model_that_reads_what_came_before():
    task, train = Reversed(), Supervised(Decoder(8, 1, 2), 60, 4, AdamW(3e-2))
    state = train.advance(task, train.start(task, KEY), 60)
    for split in task.splits:
        found = task.trials(state.model, split, KEY, 10)
        batch = task._batch(jnp.asarray(found.item[:, 0], jnp.int32))
        assert np.array_equal(found.score, task.grade(batch, state.model(batch.inputs)))
        assert found.score.mean() == float(split.train)


def test_a_model_that_peeks_is_not_helped_by_it_when_it_is_asked():
    class Peeking:
        """Says what stands at the next position, and the end where nothing does."""

        def __call__(self, inputs):
            ahead = jnp.roll(inputs, -1, 1).at[:, -1].set(0.0)[..., : len(TABLE.written)]
            return ahead + 0.5 * jax.nn.one_hot(TABLE.written.index(END), len(TABLE.written))

    task = Reversed()
    batch = task._batch(jnp.arange(5))
    assert (task.grade(batch, Peeking()(batch.inputs)) == 1).all()
    assert (task.trials(Peeking(), TRAIN, KEY, 10).score == 0).all()


def test_the_oracle_is_right_and_one_wrong_token_is_wrong():
    task = Reversed()
    batch = task._batch(jnp.arange(5))
    outputs = np.array(task.oracle()(batch.inputs))
    assert (task.grade(batch, outputs) == 1).all()
    assert (task.trials(task.oracle(), IID, KEY, 10).score == 1).all()
    for at in range(outputs.shape[1]):
        spoilt = outputs.copy()
        spoilt[:, at] = np.roll(spoilt[:, at], 1, axis=-1)
        asked = np.asarray(batch.weights)[:, at] > 0
        assert np.array_equal(task.grade(batch, spoilt) == 0, asked)


def test_weights_say_how_often_training_pairs_are_drawn_and_others_come_evenly():
    def lengths(task, split):
        drawn = task.draw(split, KEY, 4000)
        return np.bincount(np.asarray(drawn.inputs)[:, :3].any(-1).sum(-1), minlength=4) / 4000

    assert np.allclose(lengths(Reversed(), TRAIN), [0, 1 / 3, 1 / 3, 1 / 3], atol=0.03)
    assert np.allclose(lengths(Reversed(weighted=True), TRAIN), [0, 0.25, 0, 0.75], atol=0.03)
    assert np.allclose(lengths(Reversed(weighted=True), IID), [0, 0, 0.5, 0.5], atol=0.03)


def test_a_plain_transformer_takes_the_same_inputs():
    task = Reversed()
    model = Transformer(8, 1, 2).build(KEY, task.inputs, task.outputs)
    assert task.trials(model, IID, KEY, 10).score.shape == (2,)
