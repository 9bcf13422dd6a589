"""Vote'n'Rank: Revision of Benchmarking with Social Choice Theory (Rofin et al., EACL, 2023).

The paper's claims: rules that look at ranks are more robust than the mean when tasks are dropped or scores are missing,
and a Condorcet winner need not be the mean's winner. Asked beside them, where ranks should lose by what is known of
them: the mean does not care for systems that join without winning, ranks do; where every task is measured alike the mean
uses more of what was measured; plurality, which looks at first places only, is no such rule.
Kept: plurality, Dowdall, Borda, Copeland, minimax, dropped tasks, missing scores, systems that join.
Changed: simulated leaderboards of 15 systems and 15 tasks instead of GLUE, SGLUE and VALUE, so that the best system is
known. Left out: threshold, Baldwin, the optimality gap, two-level aggregation, conditional winners.
Mind: winners that tie stay the same only if all of them do, which costs Copeland and minimax, who tie often.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.leaderboard import Leaderboard

same, best = Leaderboard("same winner"), Leaderboard("best system")
alike, whole = Leaderboard("same winner", scales=0.0), Leaderboard("Condorcet winner")
mean = AsIs("heldout.models.ranking:mean", label="mean")
plurality = AsIs("heldout.models.ranking:plurality", label="plurality")
dowdall = AsIs("heldout.models.ranking:dowdall", label="Dowdall")
borda = AsIs("heldout.models.ranking:borda", label="Borda")
copeland = AsIs("heldout.models.ranking:copeland", label="Copeland")
minimax = AsIs("heldout.models.ranking:minimax", label="minimax")
dropped, missing, joined = At("dropped", 6), At("missing", 0.3), At("inserted", 3)

study = Study(
    paper=Paper(
        "votenrank",
        title="Vote'n'Rank: Revision of Benchmarking with Social Choice Theory",
        year=2023,
        authors="Rofin, Mikhailov, Florinsky, Kravchenko, Shavrina, Tutubalina, Karabekyan, Artemova",
        arxiv="2210.05769",
    ),
    tasks=(same, best, alike, whole),
    learners=(mean, plurality, dowdall, borda, copeland, minimax),
    claims={
        "where six of fifteen tasks are dropped, Borda keeps its winner more often than the mean": (
            score(same, borda, dropped) > score(same, mean, dropped)
        ),
        "so does Copeland": score(same, copeland, dropped) > score(same, mean, dropped),
        "so does minimax": score(same, minimax, dropped) > score(same, mean, dropped),
        "so does Dowdall": score(same, dowdall, dropped) > score(same, mean, dropped),
        "where three of ten scores are missing, Borda keeps its winner more often": (
            score(same, borda, missing) > score(same, mean, missing)
        ),
        "and so does Copeland": score(same, copeland, missing) > score(same, mean, missing),
        "a task made ten times as large changes the mean's winner, not Borda's": (
            score(same, borda, At("rescaled", 10)) > score(same, mean, At("rescaled", 10))
        ),
        "the mean names the Condorcet winner in less than eight tables of ten": score(whole, mean, "iid") < 0.8,
        "Borda names the best system more often than the mean": score(best, borda, "iid") > score(best, mean, "iid"),
        "and with missing scores": score(best, borda, missing) > score(best, mean, missing),
        "plurality changes its winner more often than Borda": (
            score(same, plurality, dropped) < score(same, borda, dropped)
        ),
        "systems that join change Borda's winner more often than the mean's": (
            score(same, mean, joined) > score(same, borda, joined)
        ),
        "where all tasks are measured alike, the mean keeps its winner more often than Borda": (
            score(alike, mean, dropped) > score(alike, borda, dropped)
        ),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=3200, minutes=8),
)
