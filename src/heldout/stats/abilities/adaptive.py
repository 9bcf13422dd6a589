"""Adaptive testing: ask next what tells most of the ability as known so far, until it is known well enough."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.logistic import ability_given
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses


class Asked(NamedTuple):
    """What was asked. `items`: in order; `outcomes`: of each; `ability` and its standard `error` after the last."""

    items: tuple[int, ...]
    outcomes: tuple[float, ...]
    ability: float
    error: float


def adaptive(
    items: Items,
    answer: Callable[[int], float],
    *,
    error: float = 0.3,
    most: int | None = None,
    prior: Prior = Prior(),
) -> Asked:
    """Asks the open item with most information at the present ability until its standard error is at most `error`.

    `answer`: an item's index to its outcome, 0 to 1. `most`: items at most, all if not given. The error is from the
    information of the items asked and the prior's; it holds at the stopping time because the posterior does not know why
    an item was chosen.
    """
    if error <= 0:
        raise HeldoutError(f"the standard error to stop at is {error:g}, and must be positive")
    number = len(items.slope)
    asked: list[int] = []
    outcomes: list[float] = []
    ability, now = 0.0, prior.ability
    while now > error and len(asked) < (number if most is None else min(most, number)):
        tells = items.information(ability)
        tells[asked] = -1
        asked.append(int(tells.argmax()))
        outcomes.append(float(answer(asked[-1])))
        some = items.chosen(asked)
        seen = Responses(2 * np.array(outcomes)[:, None] - 1)
        ability = float(ability_given(seen, some, prior)[0])
        now = float(1 / np.sqrt(some.information(ability).sum() + 1 / prior.ability**2))
    return Asked(tuple(asked), tuple(outcomes), ability, now)
