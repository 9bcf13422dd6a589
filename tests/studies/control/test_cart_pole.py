from heldout.core.cell import Cell, grid
from heldout.studies.control.cart_pole import agent, cart_pole, study, swept, tuned


def test_the_agent_that_is_tuned_is_one_of_the_sweep_and_trained_first() -> None:
    cells = grid(study)
    base, mine = Cell(cart_pole, agent).digest, Cell(cart_pole, tuned).digest
    order = [c.digest for c in cells]
    assert base in {Cell(cart_pole, member).digest for _, member in swept.members()}
    assert order.count(base) == 1
    assert order.index(base) < order.index(mine)
    assert len(cells) == 6
    assert {c.unit for c in cells} == {"seed"}


def test_what_is_tuned_and_what_starts_afresh_get_as_many_steps() -> None:
    steps = {learner.name: learner.steps for learner in study.learners[2:]}
    assert steps == {"PPO, fine-tuned": 20_000, "PPO, from scratch": 20_000}
