"""AdaStop: adaptive statistical testing for sound comparisons of Deep RL agents (Mathieu et al., TMLR, 2024).

Kept: groups of five runs, at most five groups, level 0.05, on simulated agents: equal ones (the family-wise error), two
that differ (the runs spared), and the paper's ten toy agents, of which three pairs are equal. One trial is one whole
simulated experiment. Four procedures: AdaStop as its package 0.1.3 computes it (absolute statistic, signed reference);
AdaStop with absolute values in both; the same relabellings with each pair tested exactly and Holm over pairs; heldout's
own sign flips of runs paired by their order. Errors are asked to be at most 0.06, as 0.05 itself takes too many trials.
Left out: the Deep RL agents on MuJoCo, early acceptance (beta), comparisons with a single reference agent.
Changed: 2,000 permutations instead of 10,000, which changes nothing in the package, as it has no more than 252 for groups
of five.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

import numpy as np

from heldout import Budget, Paper, Probe, Study, score
from heldout.core import At, Outcomes, Sample, Split
from heldout.core.seeds import Words, item_ids
from heldout.learners.as_is import AsIs
from heldout.models.comparison import Observed
from heldout.probes.score import score as asked
from heldout.stats.adastop import Outcome, Pair, Plan
from heldout.tasks.interfaces import Statistic

PLAN = Plan(scores=5, interims=5, permutations=2_000, alpha=0.05)
RUNS = PLAN.scores * PLAN.interims

Draw = Callable[[np.random.Generator, int], np.ndarray]
LAWS: dict[str, Draw] = {
    "normal": lambda rng, n: rng.standard_normal(n),
    "log-normal": lambda rng, n: np.exp(rng.standard_normal(n)),
    "success": lambda rng, n: rng.binomial(1, 0.5, n).astype(float),
}


@dataclass(frozen=True)
class EqualAgents:
    """Agents whose runs follow one law; the score is 1 where no two are told apart, else 0.

    Axis `law`: other laws than the normal of `iid`.
    """

    agents: int = 2

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return f"{self.agents} equal agents"

    @property
    def splits(self) -> tuple[Split, ...]:
        """Normal runs, then other laws where there are two agents."""
        others = [law for law in LAWS if law != "normal"] if self.agents == 2 else []
        return (Split("iid"), *(Split(law, "law", group=law) for law in others))

    @property
    def bounds(self) -> tuple[float, float]:
        """Told apart wrongly, and not."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of a procedure that always decides."""
        return 0.0

    def observe(self, split: Split, key: Words) -> Observed:
        """Runs of every agent, as many as the plan may ask for, and the plan."""
        rng, law = key.generator(), LAWS[split.group or "normal"]
        return law(rng, self.agents * RUNS).reshape(self.agents, RUNS), PLAN

    def truth(self, split: Split, key: Words) -> set[Pair]:  # noqa: ARG002
        """The pairs that are equal."""
        return set(PLAN.compared(self.agents))

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """Whether the procedure kept from every false difference, in each of `n` experiments."""
        return _experiments(self, partial(_no_false_difference, self.truth(split, key)), model, (split, key, n))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The first group of runs of the first two agents."""
        return [_shown(self.observe(split, key.split(i))[0], "equal") for i in range(n)]

    def oracle(self) -> Statistic:
        """Tells nobody apart."""
        return lambda observed, _key: _undecided(observed[0])


@dataclass(frozen=True)
class ToyAgents:
    """The paper's ten toy agents, three pairs of which follow one law; the score is 1 where none of these is told apart.

    Normal, t and mixture laws with means 0, 4 and 8; equal: two normals, two mixtures at -1 and 1, two at 0 and 8.
    """

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "ten toy agents"

    @property
    def splits(self) -> tuple[Split, ...]:
        """The paper's one case."""
        return (Split("iid"),)

    @property
    def bounds(self) -> tuple[float, float]:
        """Told apart wrongly, and not."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """That of a procedure that always decides."""
        return 0.0

    def observe(self, split: Split, key: Words) -> Observed:  # noqa: ARG002
        """(10, runs) scores, and the plan."""
        rng = key.generator()

        def mixture(low: float, high: float, noise: np.ndarray) -> np.ndarray:
            return np.where(rng.random(RUNS) < 0.5, low, high) + 0.1 * noise

        normal = [rng.standard_normal(RUNS) for _ in range(7)]
        heavy = [rng.standard_t(3, RUNS) for _ in range(3)]
        rows = [
            normal[0],
            normal[1],
            mixture(-1, 1, normal[2]),
            mixture(-1, 1, normal[3]),
            mixture(-0.2, 0.2, normal[4]),
            heavy[0],
            mixture(0, 8, normal[5]),
            mixture(0, 8, normal[6]),
            mixture(0, 8, heavy[1]),
            8 + heavy[2],
        ]
        return np.stack(rows), PLAN

    def truth(self, split: Split, key: Words) -> set[Pair]:  # noqa: ARG002
        """The pairs that follow one law."""
        return {(0, 1), (2, 3), (6, 7)}

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """Whether the procedure kept from every false difference, in each of `n` experiments."""
        return _experiments(self, partial(_no_false_difference, self.truth(split, key)), model, (split, key, n))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The first group of runs of the first two agents."""
        return [_shown(self.observe(split, key.split(i))[0], "equal") for i in range(n)]

    def oracle(self) -> Statistic:
        """Tells nobody apart."""
        return lambda observed, _key: _undecided(observed[0])


@dataclass(frozen=True)
class DifferentAgents:
    """Two agents of which the second is better; the score is the share of all runs that were spared, 0 if it was not seen.

    Axis `difference`: of the means of two normal laws, in standard deviations (1 in `iid`); in group `mixture`, of the
    modes of a mixture of two narrow normal laws, the lower of which is the first agent's law.
    """

    version: ClassVar[int] = 1
    traced: ClassVar[bool] = False

    @property
    def name(self) -> str:
        """The name in tables."""
        return "different agents"

    @property
    def splits(self) -> tuple[Split, ...]:
        """One standard deviation, then more, then the paper's mixture."""
        normal = (Split(f"normal-{d:g}", "difference", d, "normal") for d in (2.0, 3.0))
        return (Split("iid"), *normal, Split("mixture-1", "difference", 1.0, "mixture"))

    @property
    def bounds(self) -> tuple[float, float]:
        """Nothing spared, or not told apart; all spared."""
        return 0.0, 1.0

    @property
    def chance(self) -> float:
        """A procedure that never decides spares nothing."""
        return 0.0

    def observe(self, split: Split, key: Words) -> Observed:
        """(2, runs) scores, and the plan."""
        rng, size = key.generator(), split.level or 1.0
        noise = rng.standard_normal((2, RUNS))
        if split.group == "mixture":
            return 0.1 * noise + np.stack([np.zeros(RUNS), size * rng.binomial(1, 0.5, RUNS)]), PLAN
        return noise + np.array([[0.0], [size]]), PLAN

    def truth(self, split: Split, key: Words) -> str:  # noqa: ARG002
        """How the first agent stands to the second."""
        return "smaller"

    def trials(self, model: Statistic, split: Split, key: Words, n: int) -> Outcomes:
        """What the procedure spared in each of `n` experiments."""
        return _experiments(self, partial(_spared, self.truth(split, key)), model, (split, key, n))

    def samples(self, split: Split, key: Words, n: int) -> list[Sample]:
        """The first group of runs of both agents."""
        return [_shown(self.observe(split, key.split(i))[0], "smaller") for i in range(n)]

    def oracle(self) -> Statistic:
        """Knows after one group of runs."""
        return lambda _observed, _key: Outcome({(0, 1): "smaller"}, {(0, 1): 1}, np.full(2, PLAN.scores), ())


def _experiments(
    task: Any, grade: Callable[[Outcome], float], model: Statistic, asked_for: tuple[Split, Words, int]
) -> Outcomes:
    split, key, n = asked_for
    scores, answers = np.empty(n), np.empty(n, object)
    for i in range(n):
        one = key.split(i)
        found: Outcome = model(task.observe(split, one), one.split("procedure"))
        apart = sum(decision != "equal" for decision in found.decisions.values())
        scores[i] = grade(found)
        answers[i] = f"{apart} of {len(found.decisions)} pairs told apart, {found.runs.mean():g} runs"
    return Outcomes(item_ids(key, n), scores, {"answer": answers})


def _no_false_difference(equal: set[Pair], found: Outcome) -> float:
    return float(all(found.decisions[pair] == "equal" for pair in equal))


def _spared(truth: str, found: Outcome) -> float:
    return 1 - float(found.runs.mean()) / RUNS if found.decisions[0, 1] == truth else 0.0


def _undecided(scores: np.ndarray) -> Outcome:
    pairs = PLAN.compared(len(scores))
    return Outcome(dict.fromkeys(pairs, "equal"), dict.fromkeys(pairs, PLAN.interims), np.full(len(scores), RUNS), ())


def _shown(scores: np.ndarray, truth: str) -> Sample:
    return Sample(np.array2string(scores[:2, : PLAN.scores], precision=2), truth)


two, five, toys, different = EqualAgents(2), EqualAgents(5), ToyAgents(), DifferentAgents()
package = AsIs("heldout.models.comparison:published", label="AdaStop as published")
corrected = AsIs("heldout.models.comparison:corrected", label="AdaStop corrected")
exact = AsIs("heldout.models.comparison:relabellings", label="exact pairs, Holm")
ours = AsIs("heldout.models.comparison:sign_flips", label="heldout's sign flips")
far, mixture = At("difference", 3.0, "normal"), At("difference", 1.0, "mixture")

study = Study(
    paper=Paper(
        "adastop",
        title="AdaStop: adaptive statistical testing for sound comparisons of Deep RL agents",
        year=2024,
        authors="Mathieu, Della Vecchia, Shilova, Medeiros Centa, Kohler, Maillard, Preux",
        arxiv="2306.10882",
        published={"family-wise error": "at most 0.05"},
    ),
    tasks=(two, five, toys, different),
    learners=(package, corrected, exact, ours),
    claims={
        "as its package computes it, AdaStop tells two equal agents apart more often than 0.05": (
            score(two, package, "iid") < 0.95
        ),
        "and so it does with five": score(five, package, "iid") < 0.95,
        "absolute values on both sides lower the error": score(two, corrected, "iid") > score(two, package, "iid"),
        "to no more than 0.06": score(two, corrected, "iid") > 0.94,
        "and to 0.05 with five agents": score(five, corrected, "iid") > 0.95,
        "and where only three of many pairs are equal": score(toys, corrected, "iid") > 0.95,
        "pairs tested exactly err no more than 0.06 with five agents": score(five, exact, "iid") > 0.94,
        "heldout's sign flips err no more than 0.06": score(two, ours, "iid") > 0.94,
        "a large difference takes less than half of the runs": score(different, corrected, far) > 0.5,
        "on the paper's mixture heldout's sign flips spare more runs": (
            score(different, ours, mixture) > score(different, corrected, mixture)
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=6400, minutes=5),
)
