"""The search with nets that know everything, and against a search by hand; learning."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from heldout.core import Learner
from heldout.learners.decomposition import Decomposition, Found, _corrupted
from heldout.models.decoder import Decoder
from heldout.tasks.formal.synthesis.lists import Lists

TASK = Lists(trained=2, size=3, numbers=4)
KEY = jax.random.key(0)
SPLIT = next(s for s in TASK.splits if s.axis == "length")
MADE = TASK.instances(SPLIT, KEY, 24)
GIVEN, WANTED = MADE.given[:, :3], MADE.values[:, -1, :3]
STOP = len(TASK.language.functions)


def learner(plan, **kwargs):
    return Decomposition(plan, Decoder(16, 1, 2), **{"steps": 60, "batch": 32, **kwargs})


LAYOUT = learner("lines").layout(TASK)


def seen(inputs):
    """The input, the value so far and the value wanted that columns show."""
    part = TASK.numbers + 1
    read = [inputs[:, : LAYOUT.columns, i * part : (i + 1) * part].argmax(-1) - 1 for i in range(3)]
    return [x.reshape(-1, 3, 3) for x in read]


def known(given, value, wanted):
    """The instances with these examples, and the lines that already ran."""
    same = (given[:, None] == GIVEN).all((2, 3)) & (wanted[:, None] == WANTED).all((2, 3))
    row = same.argmax(1)
    return row, (MADE.values[row, :, :3] == value[:, None]).all((2, 3)).argmax(1)


def says(inputs, tokens):
    """Outputs that ask for these tokens, from the first position after the columns on."""
    length = inputs.shape[1] - LAYOUT.columns
    return jnp.pad(20.0 * jax.nn.one_hot(tokens[:, :length], LAYOUT.end + 1), ((0, 0), (LAYOUT.columns, 0), (0, 0)))


def whole(inputs):
    row, _ = known(*seen(inputs))
    return says(inputs, LAYOUT.tokens(MADE.program[row]))


def next_line(inputs):
    row, line = known(*seen(inputs))
    return says(inputs, LAYOUT.tokens(MADE.program[row, line][:, None]))


def line_for(inputs):
    """Any line that makes of the value what is wanted."""
    given, value, wanted = seen(inputs)
    fits = (TASK.language.every(value, given, jnp) == wanted[:, :, None]).all((1, 3))
    return says(inputs, LAYOUT.tokens(fits.argmax(1)[:, None]))


def subgoal(inputs):
    row, line = known(*seen(inputs))
    after = MADE.values[row, line + 1, :3].reshape(len(row), -1)
    numbers = jnp.where(after < 0, TASK.numbers, after)
    return jnp.pad(20.0 * jax.nn.one_hot(numbers, TASK.numbers + 1), ((0, 0), (LAYOUT.columns, 0), (0, 0)))


@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize(
    ("plan", "writer", "planner"),
    [("whole programs", whole, None), ("lines", next_line, None), ("subgoals", line_for, subgoal)],
)
def test_nets_that_know_find_every_program(plan, writer, planner, width):
    model = Found(writer, planner, LAYOUT, plan, width)
    program = jax.jit(model.__call__)(GIVEN, WANTED)
    assert (TASK.language.outputs(program, GIVEN) == WANTED).all()
    assert plan == "subgoals" or (program == MADE.program).all()


def test_execution_decomposition_is_subgoal_line_and_execution_in_turn():
    made = learner("subgoals")
    state = made.start(TASK, KEY)
    writer, planner = (jax.jit(net.__call__) for net in state.nets)
    found = np.asarray(jax.jit(made.model(TASK, state).__call__)(GIVEN[:4], WANTED[:4]))
    for i in range(4):
        given, wanted = GIVEN[i : i + 1], WANTED[i : i + 1]
        value, program = given, []
        while len(program) < TASK.lines and not (value == wanted).all():
            asked = np.array(LAYOUT.planned_question(given, value, wanted))
            numbers: list[int] = []
            for at in range(LAYOUT.columns):
                numbers.append(int(np.asarray(planner(asked))[0, LAYOUT.columns + at].argmax()))
                if at + 1 < LAYOUT.columns:
                    asked[0, LAYOUT.columns + at + 1, LAYOUT.described + numbers[-1]] += 1
            read = np.array(LAYOUT.asked(given, value, LAYOUT.values(jnp.array([numbers])), 2))
            operation = int(np.asarray(writer(read))[0, LAYOUT.columns].argmax())
            read[0, LAYOUT.columns + 1, LAYOUT.described + operation] = 1
            argument = int(np.asarray(writer(read))[0, LAYOUT.columns + 1].argmax())
            program.append(int(LAYOUT.functions(jnp.array([operation, argument]))))
            value = TASK.language.run(jnp.array(program[-1:]), value, given)
        assert found[i].tolist() == [*program, *[STOP] * (TASK.lines - len(program))]


def test_learning_brings_the_loss_down():
    made = learner("subgoals")
    assert isinstance(made, Learner)
    drawn = TASK.draw(TASK.splits[0], jax.random.key(9), 64)
    objective = jax.jit(lambda nets: made.objective(nets, TASK, drawn, KEY))
    state = made.start(TASK, KEY)
    later = jax.jit(lambda state: made.advance(TASK, state, 60))(state)
    assert objective(later.nets) < 0.8 * objective(state.nets)
    assert int(later.step) == 60


def test_corrupted_subgoals_differ_in_one_number_of_the_share_asked_for():
    values = jnp.asarray(np.random.default_rng(0).integers(-1, 4, size=(2000, 3, 3)))
    assert (_corrupted(KEY, values, 4, 0.0) == values).all()
    changed = np.asarray(_corrupted(KEY, values, 4, 0.5) != values).sum((1, 2))
    assert changed.max() == 1
    assert changed.mean() == pytest.approx(0.5 * 0.8, abs=0.05)  # a number drawn anew may be the same; none never is
