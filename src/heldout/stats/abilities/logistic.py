"""Abilities and items together: posterior modes of the one-, two- and three-parameter logistic models.

For few systems and many items, where quadrature over abilities is coarser than what is known of them. Systems and items
take turns at steps of Fisher scoring, with abilities ~ N(0, 1), log slopes ~ N(0, 0.5^2), difficulties ~ N(mean, 2^2). What the
likelihood does not see is set after every turn: zero is the mean ability; the unit is the one that the priors of abilities
and slopes together make most likely (a mode over all parameters at once would be pulled to short units by the many
difficulties). Items are then the exact mode given the abilities. Items that all or none solve, and systems that solve
everything, have finite modes because of the priors.
"""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import special

from heldout.core.errors import HeldoutError
from heldout.stats.abilities import guessing
from heldout.stats.abilities.curve import Items
from heldout.stats.abilities.prior import Prior
from heldout.stats.abilities.responses import Responses

Model = Literal["1pl", "2pl", "3pl"]

STEP = 1.5
"""The longest step of one turn, in logits and in units of log slope."""

SWINGING = 12
"""Turns after which steps are shortened if they do not become shorter by themselves."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A joint mode. `ability`: (systems,). `turns`: how many it took; `moved`: the last one's largest step."""

    ability: np.ndarray
    items: Items
    prior: Prior
    model: Model
    turns: int
    moved: float
    warnings: tuple[str, ...] = ()


def fit(
    data: Responses, model: Model = "2pl", prior: Prior = Prior(), *, tolerance: float = 1e-4, turns: int = 300
) -> Fit:
    """Abilities and items, until no ability moves by `tolerance` in a turn, and no item with the abilities held.

    The one-parameter model (Rasch, 1960) has slopes of one, and its fit is the joint mode. Memory is
    O(systems x items); one turn reads the table twice.
    """
    if model not in ("1pl", "2pl", "3pl"):
        raise HeldoutError(f"the model is {model!r}, and must be 1pl, 2pl or 3pl")
    ability, items = start(data, model, prior)
    moved, turn, share = math.inf, 0, 1.0
    while moved > tolerance and turn < turns:
        turn += 1
        made, _ = items_step(data, ability, items, model, prior)
        items = made if share == 1 else between(items, made, share)
        changed, _ = abilities_step(data, ability, items, prior)
        changed, items = anchored(changed, items, prior, unit=model != "1pl")
        before, moved, ability = moved, float(np.abs(changed - ability).max()), changed
        # an item whose curve overshoots each time would swing for ever
        share = max(0.2, 0.8 * share) if turn > SWINGING and moved > 0.8 * before else share
    items = settled(data, ability, items, model, prior, tolerance)
    said = (*degenerate(data), *_unfinished(moved, tolerance, turn))
    return Fit(ability, items, prior, model, turn, moved, said)


def settled(
    data: Responses, ability: np.ndarray, items: Items, model: Model, prior: Prior, tolerance: float = 1e-6
) -> Items:
    """The items' posterior modes where the abilities are known, from where they stand."""
    parts, open_ = [part.copy() for part in items], np.arange(data.items)
    for turn in range(200):
        some = data if len(open_) == data.items else data.chosen(open_)
        now = Items(*(part[open_] for part in parts))
        made, steps = items_step(some, ability, now, model, prior, parts[1].mean())
        made = made if turn <= SWINGING else between(now, made, 0.5)
        for part, new in zip(parts, made, strict=True):
            part[open_] = new
        open_ = open_[steps > tolerance]
        if not len(open_):
            break
    return Items(*parts)


def between(old: Items, new: Items, share: float) -> Items:
    """Items a share of the way from the old to the new ones."""
    slope = old.slope ** (1 - share) * new.slope**share
    rest = (a + share * (b - a) for a, b in zip(old[1:], new[1:], strict=True))
    return Items(slope, *rest)


def start(data: Responses, model: Model, prior: Prior) -> tuple[np.ndarray, Items]:
    """Abilities and difficulties from the logits of success rates, slopes of one."""
    tried = float(data.systems) if data.trials is None else data.trials.sum(axis=1, dtype=float)
    each = float(data.items) if data.trials is None else data.trials.sum(axis=0, dtype=float)
    hit = data.signed.sum(axis=1, dtype=float)
    difficulty = -np.log((tried + hit + 1) / (tried - hit + 1))
    won = data.signed.sum(axis=0, dtype=float)
    ability = np.log((each + won + 1) / (each - won + 1))
    ability = ability - ability.mean()
    ability *= min(1.0, prior.ability / max(float(ability.std()), 1e-9))
    floor = np.full(data.items, prior.guessing / 2 if model == "3pl" else 0.0)
    return ability, Items(np.ones(data.items), np.clip(difficulty, -6, 6), floor)


def ability_given(data: Responses, items: Items, prior: Prior = Prior(), *, tolerance: float = 1e-6) -> np.ndarray:
    """(systems,) posterior modes of abilities where the items are known."""
    ability, moved = np.zeros(data.systems), math.inf
    for _ in range(100):
        ability, moved = abilities_step(data, ability, items, prior)
        if moved < tolerance:
            break
    return ability


def abilities_step(data: Responses, ability: np.ndarray, items: Items, prior: Prior) -> tuple[np.ndarray, float]:
    """One step of Fisher scoring for every ability, the items given: new abilities and the largest step."""
    if items.floor.any():
        pull, weight = guessing.ability_sums(data, ability, items)
    else:
        pull, weight = ability_sums(data, ability, items)
    step = (pull - ability / prior.ability**2) / (weight + 1 / prior.ability**2)
    step = np.clip(step, -STEP, STEP)
    return ability + step, float(np.abs(step).max())


def anchored(ability: np.ndarray, items: Items, prior: Prior, *, unit: bool = True) -> tuple[np.ndarray, Items]:
    """The same curves with the mean ability at zero, in the likeliest unit; probabilities stay as they are.

    The unit maximises its own posterior: exp(-sum theta^2 / 2) times the prior of the slopes, times the volume of abilities.
    """
    centre = ability.mean()
    ability, difficulty = ability - centre, items.difficulty - centre
    if not unit:
        return ability, Items(items.slope, difficulty, items.floor)
    size, logs, stretch = (ability**2).sum() / prior.ability**2, np.log(items.slope), 0.0
    for _ in range(50):  # convex in the logarithm of the unit
        above = math.exp(2 * stretch) * size - len(ability) - (logs.sum() - len(logs) * stretch) / prior.slope**2
        step = above / (2 * math.exp(2 * stretch) * size + len(logs) / prior.slope**2)
        stretch -= max(-1.0, min(1.0, step))
        if abs(step) < 1e-12:
            break
    longer = math.exp(stretch)
    return longer * ability, Items(items.slope / longer, longer * difficulty, items.floor)


def degenerate(data: Responses) -> tuple[str, ...]:
    """What the table says nothing about, in words: items all right or all wrong, systems that solve all or none."""
    said = []
    top = data.systems if data.trials is None else data.trials.sum(axis=1)
    total = data.signed.sum(axis=1)
    if n := int(np.count_nonzero(np.abs(total) >= top)):
        said.append(f"{n:,} of {data.items:,} items were solved by all systems or by none: the prior alone ranks them")
    each = data.items if data.trials is None else data.trials.sum(axis=0)
    if n := int(np.count_nonzero(np.abs(data.signed.sum(axis=0)) >= each)):
        said.append(f"{n:,} of {data.systems:,} systems solved every item they tried, or none: the prior bounds them")
    return tuple(said)


def _unfinished(moved: float, tolerance: float, turns: int) -> tuple[str, ...]:
    return (f"not settled after {turns} turns: the last one moved by {moved:.2g}",) if moved > tolerance else ()


def ability_sums(data: Responses, ability: np.ndarray, items: Items) -> tuple[np.ndarray, np.ndarray]:
    """Sums over items of a (y - P) and a^2 P (1 - P), each (systems,)."""
    kind = data.signed.dtype
    slope = items.slope.astype(kind)
    pull, weight = (slope / 2) @ data.signed, np.zeros(data.systems)
    pull = pull.astype(float)
    for block in data.blocks():
        half = tanh_half(data, block, ability, items)
        square = half * half
        a = slope[block]
        if data.trials is not None:
            half *= data.trials[block]
            square *= data.trials[block]
            weight += (a * a / 4) @ data.trials[block]
        else:
            weight += float((a * a / 4).sum())
        pull -= (a / 2) @ half
        weight -= (a * a / 4) @ square
    return pull, weight


def tanh_half(data: Responses, block: slice, ability: np.ndarray, items: Items) -> np.ndarray:
    """2 P - 1 of a block, (items, systems), without guessing: tanh is cheap where logistic functions are not."""
    kind = data.signed.dtype
    a = items.slope[block] / 2
    lines = np.stack([a, -a * items.difficulty[block]], axis=1).astype(kind)
    half = lines @ np.stack([ability, np.ones(len(ability))]).astype(kind)
    return np.tanh(half, out=half)


def items_step(
    data: Responses, ability: np.ndarray, items: Items, model: Model, prior: Prior, centre: float | None = None
) -> tuple[Items, np.ndarray]:
    """One step of Fisher scoring for every item, the abilities given: new items and each one's step, (items,).

    `centre`: of the difficulties' prior, their own mean if not given.
    """
    centre = float(items.difficulty.mean()) if centre is None else float(centre)
    if model == "3pl":
        return guessing.items_step(data, ability, items, prior, centre)
    return stepped(items, item_sums(data, ability, items), model, prior, centre)


def stepped(items: Items, sums: np.ndarray, model: Model, prior: Prior, centre: float) -> tuple[Items, np.ndarray]:
    """The step that sums over systems call for, without guessing: new items and each one's step."""
    ga, gb, aa, ab, bb = _gradient(items, sums, prior, centre)
    if model == "1pl":
        return _moved(items, np.zeros(len(gb)), gb / bb)
    ga, aa = ga - np.log(items.slope) / prior.slope**2, aa + 1 / prior.slope**2
    determinant = aa * bb - ab**2
    return _moved(items, (bb * ga - ab * gb) / determinant, (aa * gb - ab * ga) / determinant)


def item_sums(data: Responses, ability: np.ndarray, items: Items, weight: np.ndarray | None = None) -> np.ndarray:
    """(items, 5): sums over systems of r, r theta, w, w theta, w theta^2 with r = y - P and w = P (1 - P).

    `weight`: (systems,) how much each counts.
    """
    kind = data.signed.dtype
    powers = np.stack([np.ones(data.systems), ability, ability**2], axis=1)
    powers = (powers if weight is None else powers * weight[:, None]).astype(kind)
    sums = np.empty((data.items, 5))
    whole = powers.sum(axis=0, dtype=float) / 4
    for block in data.blocks():
        half = tanh_half(data, block, ability, items)
        square = half * half
        if data.trials is not None:
            half *= data.trials[block]
            square *= data.trials[block]
            whole = data.trials[block] @ powers / 4
        np.subtract(data.signed[block], half, out=half)
        sums[block, :2] = (half @ powers[:, :2]) / 2
        sums[block, 2:] = whole - (square @ powers) / 4
    return sums


def _gradient(items: Items, sums: np.ndarray, prior: Prior, centre: float) -> tuple[np.ndarray, ...]:
    """Derivatives in log a and b (the latter with its prior), and the Fisher information (aa, ab, bb)."""
    a, b = items.slope, items.difficulty
    r, rt, w, wt, wtt = sums.T
    pull = -a * r - (b - centre) / prior.difficulty**2
    cross = -(a**2) * (wt - b * w)
    return a * (rt - b * r), pull, a**2 * (wtt - 2 * b * wt + b**2 * w), cross, a**2 * w + 1 / prior.difficulty**2


def _moved(items: Items, da: np.ndarray, db: np.ndarray) -> tuple[Items, np.ndarray]:
    """Items after a step that is shortened where it is too long, and how far each one went."""
    short = np.minimum(1.0, STEP / np.maximum(np.maximum(np.abs(da), np.abs(db)), 1e-300))
    da, db = da * short, db * short
    slope = items.slope * np.exp(da)
    return Items(slope, items.difficulty + db, items.floor), np.maximum(np.abs(da), np.minimum(slope, 1) * np.abs(db))


def log_posterior(data: Responses, found: Fit) -> float:
    """The logarithm of likelihood times priors, up to a constant."""
    p = found.items.probability(found.ability).T
    hit = float((special.xlogy(data.successes, p) + special.xlog1py(data.tried - data.successes, -p)).sum())
    prior, items = found.prior, found.items
    hit -= float((found.ability**2).sum() / (2 * prior.ability**2))
    hit -= float(((items.difficulty - items.difficulty.mean()) ** 2).sum() / (2 * prior.difficulty**2))
    if found.model != "1pl":
        hit -= float((np.log(items.slope) ** 2).sum() / (2 * prior.slope**2))
    if found.model == "3pl":
        away = special.logit(items.floor) - special.logit(prior.guessing)
        hit -= float((away**2).sum() / (2 * prior.certainty**2))
    return hit
