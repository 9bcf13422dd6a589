"""Population-based Evaluation in Repeated Rock-Paper-Scissors as a Benchmark for Multiagent Reinforcement Learning (Lanctot et al., 2023).

Kept: OpenSpiel's 43 bots as opponents; population return, within-population exploitability and aggregate score; Q-learning on
the last pairs of throws; regret matching for each context; two of the bots as yardsticks.
Changed: matches of 200 throws instead of 1,000 (bots are told of 1,000, and do not know that it ends early), payoffs per throw,
four matches against each bot where the paper has a thousand for its bots; learners train against 30 of the bots and are
asked about the other 13 as well. A best response to the mixture of bots met (by Bayes' rule) stands for the paper's predictor
of the next throw, a language model.
Left out: deep learners, R-NaD, the language model, learners against each other.
The claims were written after one seed of each learner had been tried, and after a table of all bots against each other, one
match of 1,000 throws each, had greenberg first (aggregate score 271) and iocainebot second (233). Q-learning was given the option
to go on within a match after that, and tried with shorter matches and trainings.
Found: all but one. Per throw greenberg's aggregate score is 0.23 and iocainebot's 0.18; the learners' are below 0, from regret
matching (-0.03) and the mixture response (-0.08) to Q-learning (-0.36) and a table that stands still (-1.00). That Q-learning
earns from bots never met is refuted (-0.008 in the typical run, and 0.04 over all bots): it goes on learning slowly and without
a random throw, so that adaptive bots read it; learners that adapt within a match earn from bots that they never met.
"""

from heldout import At, Budget, Measure, Paper, Probe, Study, all_of, score
from heldout.core import Applied
from heldout.learners.entered import Entered
from heldout.learners.mixture import Mixture
from heldout.learners.q_learning import QLearning
from heldout.models.regret_matching import RegretMatching
from heldout.probes.score import score as asked
from heldout.stats.population import aggregate_score, exploitability, population_return
from heldout.tasks.games.bot_population import BotPopulation
from heldout.tasks.games.roshambo import Entrant

MATCHES = 4

bots = BotPopulation(matches=MATCHES)
frozen = QLearning(2, 300, 0.1, 0.5, label="Q-learning, frozen")
learning = QLearning(2, 300, 0.1, 0.5, goes_on=True, label="Q-learning")
mixture = Mixture(2, 150, label="mixture response")
regret = Entered(RegretMatching(1), "regret matching")
greenberg, iocaine = (Entered(Entrant(name), name) for name in ("greenberg", "iocainebot"))
learners = (frozen, learning, mixture, regret)
PAYOFF = (-1.0, 1.0)


def against_each(player: QLearning | Mixture | Entered) -> tuple[Measure, ...]:
    """What a player earns from each of the 43 bots."""
    return tuple(score(bots, player, At(split.axis, group=split.group)) for split in bots.splits if split.axis)


def returned(player: QLearning | Mixture | Entered) -> Measure:
    """Its population return."""
    return Applied(f"population return({player.name})", population_return, against_each(player), PAYOFF)


def exploited(player: QLearning | Mixture | Entered) -> Measure:
    """Its within-population exploitability."""
    return Applied(f"exploitability({player.name})", exploitability, against_each(player), PAYOFF)


def aggregate(player: QLearning | Mixture | Entered) -> Measure:
    """Its aggregate score."""
    return Applied(f"aggregate score({player.name})", aggregate_score, against_each(player), (-2.0, 2.0))


def lost_on_unmet(player: QLearning | Mixture | Entered) -> Measure:
    """How much more it earns from the bots to train on than from the others."""
    return score(bots, player, "met") - score(bots, player, "unmet")


study = Study(
    paper=Paper(
        "rrps-population",
        title="Population-based Evaluation in Repeated Rock-Paper-Scissors as a Benchmark for Multiagent Reinforcement Learning",
        year=2023,
        authors="Lanctot, Schultz, Burch, Smith, Hennes, Anthony, Perolat",
        arxiv="2303.03196",
        published={
            "greenberg and iocainebot have a higher aggregate score than every learner": (
                "learners 'generalize well, but ultimately lose to the top-performing bots'"
            )
        },
    ),
    tasks=(bots,),
    learners=(*learners, greenberg, iocaine),
    claims={
        "greenberg and iocainebot have a higher aggregate score than every learner": all_of(
            *(aggregate(top) > aggregate(one) for top in (greenberg, iocaine) for one in learners)
        ),
        "greenberg's is higher than iocainebot's": aggregate(greenberg) > aggregate(iocaine),
        "Q-learning earns something from bots that it never met": score(bots, learning, "unmet") > 0,
        "so does the response to a mixture of others": score(bots, mixture, "unmet") > 0,
        "but training on bots helps against them, not others": lost_on_unmet(mixture) > lost_on_unmet(regret),
        "a table that stands still is more exploitable than one that is still learnt": (
            exploited(frozen) > exploited(learning)
        ),
        "and that more than regret matching": exploited(learning) > exploited(regret),
    },
    probes=(Probe(asked, n=MATCHES),),
    budget=Budget(seeds=24, minutes=6),
    measures={
        f"{what.__name__}, {one.name}": what(one)
        for what in (returned, exploited, aggregate)
        for one in (*learners, greenberg, iocaine)
    },
)
