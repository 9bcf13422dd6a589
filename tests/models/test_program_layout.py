"""What is shown to decoders can be read back."""

import jax.numpy as jnp
import numpy as np

from heldout.models.program_layout import Layout
from heldout.tasks.formal.synthesis.list_language import lists

LANGUAGE = lists(5, 3)
LAYOUT = Layout(LANGUAGE, shown=2, lines=3)
STOP = len(LANGUAGE.functions)
RNG = np.random.default_rng(0)
GIVEN, VALUE, WANTED = (jnp.asarray(RNG.integers(-1, 5, size=(4, 2, 3))) for _ in range(3))


def test_tokens_and_functions_are_the_same_lines():
    every = jnp.arange(STOP + 1)[:, None]
    tokens = LAYOUT.tokens(every)
    assert LAYOUT.functions(tokens).tolist() == list(range(STOP + 1))
    assert len({tuple(t) for t in tokens.tolist()}) == STOP + 1
    names = (*LANGUAGE.operations, *LANGUAGE.arguments)
    first = [names[t] for t in tokens[0].tolist()]
    assert first == [LANGUAGE.functions[0].operation, LANGUAGE.functions[0].argument]
    sort, plus = names.index("Sort"), names.index("+1")
    assert LAYOUT.functions(jnp.array([[sort, plus], [plus, sort], [sort, LAYOUT.end]])).tolist() == [STOP + 1] * 3


def test_columns_show_three_values_place_and_example():
    shown = np.asarray(LAYOUT.described_columns(GIVEN, VALUE, WANTED))
    assert shown.shape == (4, LAYOUT.columns, LAYOUT.described)
    parts = np.split(shown, [6, 12, 18, 21], axis=-1)
    for part, value in zip(parts[:3], (GIVEN, VALUE, WANTED), strict=True):
        assert (part.argmax(-1) - 1 == np.asarray(value).reshape(4, -1)).all()
    assert (parts[3].argmax(-1) == [0, 1, 2] * 2).all()
    assert (parts[4].argmax(-1) == [0] * 3 + [1] * 3).all()


def test_a_writer_is_shown_the_token_before_and_learns_up_to_the_first_end():
    program = jnp.array([[3, STOP, STOP], [0, 1, 2]])
    batch = LAYOUT.written(GIVEN[:2], VALUE[:2], WANTED[:2], program)
    tokens = LAYOUT.tokens(program)
    columns = LAYOUT.columns
    assert (batch.targets[:, columns:] == tokens).all()
    shown = np.asarray(batch.inputs)[:, columns:, LAYOUT.described :].argmax(-1)
    assert (shown == np.concatenate([[[LAYOUT.end + 1]] * 2, tokens[:, :-1]], 1)).all()
    assert batch.weights[:, columns:].tolist() == [[1, 1, 1, 0, 0, 0], [1] * 6]
    assert not batch.weights[:, :columns].any()


def test_a_subgoal_model_is_shown_the_number_before_and_the_column_asked_for():
    batch = LAYOUT.planned_batch(GIVEN, VALUE, WANTED, VALUE)
    columns, described = LAYOUT.columns, LAYOUT.described
    assert (LAYOUT.values(batch.targets[:, columns:]) == VALUE).all()
    asked = np.asarray(batch.inputs)[:, columns:]
    assert (asked[..., :described] == np.asarray(LAYOUT.described_columns(GIVEN, VALUE, WANTED))).all()
    assert (asked[..., -1] == 1).all()
    assert (asked[:, 1:, described:-1].argmax(-1) == np.asarray(batch.targets)[:, columns:-1]).all()
    assert not asked[:, 0, described:-1].any()
