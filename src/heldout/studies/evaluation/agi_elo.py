"""AGI-Elo: How Far Are We From Mastering A Task? (Sun et al., 2025).

The paper's claim: models and test cases rated together by Glicko, every answer a match, foretell scores of matches not
seen, and order models as accuracy does. The thresholds are ours: |expected - observed| at most 0.05 over bins, Spearman's
correlation at least 0.95. Asked beside it: whether that holds with half of the matches missing, at random and lopsided
(some systems were asked easier cases), where accuracy alone misranks; and how Elo and Rasch's model do.
Kept: both sides rated, starts of 1500 with deviation 350, every match rated once, unseen matches as judges.
Changed: answers simulated by a two-parameter logistic law, 20 systems and 500 cases, instead of six benchmarks of vision,
driving and language. Left out: the distributions of difficulty and the gap to mastery of real models.
Found: unseen scores are foretold to 0.037 where every match was held and to 0.049, undecided, with half missing at random;
lopsided matches are off by 0.06. That Elo foretells less well is refuted: it is 0.004 better. The order holds, also with
half missing; where matches are lopsided ratings misorder far less than accuracy, and more than Rasch's model, which fits
all answers at once where Glicko goes through them one time.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.matches import Matches

calibration, order = Matches("calibration"), Matches("order")
glicko = AsIs("heldout.models.joint_rating:glicko", label="AGI-Elo")
elo = AsIs("heldout.models.joint_rating:elo", label="Elo")
accuracy = AsIs("heldout.models.joint_rating:accuracy", label="accuracy")
rasch = AsIs("heldout.models.joint_rating:rasch", label="Rasch")
half, lopsided = At("missing", 0.5, "random"), At("missing", 0.5, "lopsided")

study = Study(
    paper=Paper(
        "agi-elo",
        title="AGI-Elo: How Far Are We From Mastering A Task?",
        year=2025,
        authors="Sun, Li, Lu, Lyu, Tomizuka, Zhan",
        arxiv="2505.12844",
    ),
    tasks=(calibration, order),
    learners=(accuracy, rasch, elo, glicko),
    claims={
        "ratings foretell unseen scores to 0.05": score(calibration, glicko, "iid") > 0.95,
        "also with half of the matches missing at random": score(calibration, glicko, half) > 0.95,
        "and where some systems were asked easier cases": score(calibration, glicko, lopsided) > 0.95,
        "Elo foretells them less well": score(calibration, glicko, "iid") > score(calibration, elo, "iid"),
        "ratings order systems as accuracy does": score(order, glicko, "iid") > 0.95,
        "also with half missing at random": score(order, glicko, half) > 0.95,
        "with half missing lopsidedly they misorder less than accuracy": (
            score(order, glicko, lopsided) > score(order, accuracy, lopsided)
        ),
        "and more than Rasch's model": score(order, rasch, lopsided) > score(order, glicko, lopsided),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=800, minutes=8),
)
