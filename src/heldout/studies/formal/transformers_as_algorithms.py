"""Transformers as Algorithms: Generalization and Stability in In-context Learning (Li et al., 2023).

Kept: a causal transformer trained on prompts of linear regression problems of which there are so many, and asked new prompts of
these (multitask) and of new problems (transfer); how near it comes to ridge regression, the best there is for problems drawn
anew; stability as the change of its prediction when an example of the prompt is replaced.
Changed: problems of 2 dimensions with prompts of 6 points instead of 5 to 20 with 40; 4, 32 and 1,024 problems; the transformer has
2 layers of 32 instead of 12 of 256; an example is one position that holds a point with its value, and each point has another where it
is asked about; the training targets are without the noise that is shown; the replaced example is the first, at every length.
Left out: dynamical systems, the bounds drawn beside the curves, stability by position, the number of prompts per problem, other
dimensions, and so how the number of problems needed grows with them.
The claims were written after pilots with other seeds: two with 1,024 problems, prompts of 8 and a longer training (0.95 and 0.96 on new
problems, where ridge has 0.98; changes of 0.5 after one example and 0.1 after seven). The setting itself had not been trained to its end.
Found: two of four claims. Replacing the first example moves the prediction by 0.53 after one example, 0.25 after three and 0.16 after
five, always more than under ridge regression (0.47, 0.18, 0.08). With 4 problems new ones are solved far worse than old ones;
32 problems are as good as 1,024 in two dimensions, so that "more is better" is decided for the first step only. Near ridge, as
claimed, is undecided: 0.901 against a bound of 0.891, which is not enough at the level that four claims leave to each.
"""

from functools import lru_cache

import jax

from heldout import Budget, Claim, Measure, Paper, Probe, Study, gap, ordered, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.decoder import Decoder
from heldout.probes.score import score as asked
from heldout.probes.stability import stability
from heldout.tasks.formal.regression_prompts import NEW, RegressionPrompts

few, some, many = (RegressionPrompts(2, 6, problems) for problems in (4, 32, 1024))
transformer = Supervised(
    Decoder(32, 2, 4, "none"), 1000, 32, AdamW(3e-3, 0.0, "cosine", warmup=50, clip=1.0), label="transformer"
)
SHARE = 0.8
"""Of the way from saying 0 to ridge regression, what counts as near."""


@lru_cache(maxsize=1)
def ridge() -> float:
    """The score of ridge regression on new problems, by simulation."""
    return float(many.trials(many.oracle(), many.splits[-1], jax.random.key(2301), 20_000).score.mean())


def fits(task: RegressionPrompts) -> Claim:
    """The condition that the problems trained on are told apart, or learnt, better than by saying 0."""
    return score(task, transformer, "iid") > task.chance + 0.5 * (1.0 - task.chance)


def moved(examples: int, of: str = "") -> Measure:
    """How far a prediction after so many examples moves when the first is replaced."""
    return score(many, transformer, NEW, probe=f"stability.{of}{examples}")


study = Study(
    paper=Paper(
        "transformers-as-algorithms",
        title="Transformers as Algorithms: Generalization and Stability in In-context Learning",
        year=2023,
        authors="Yingcong Li, M. Emrullah Ildiz, Dimitris Papailiopoulos and Samet Oymak",
        arxiv="2301.07067",
        published={
            "a transformer comes near ridge regression on new problems": (
                "transformers implement near-optimal algorithms on classical regression problems"
            ),
            "the more problems are trained on, the better new ones are solved": (
                "transfer risk is governed by task complexity and the number of training tasks"
            ),
        },
    ),
    tasks=(few, some, many),
    learners=(transformer,),
    claims={
        "a transformer comes near ridge regression on new problems": (
            score(many, transformer, NEW) > many.chance + SHARE * (ridge() - many.chance)
        ),
        "the longer the prompt, the less one example moves the prediction": (
            ordered(moved(1), moved(3), moved(5)).given(fits(many))
        ),
        "the more problems are trained on, the better new ones are solved": (
            ordered(*(score(t, transformer, NEW) for t in (many, some, few))).given(fits(few)).given(fits(some))
        ),
        "with few problems the old are solved and the new are not": (
            (gap(few, transformer, NEW) > gap(many, transformer, NEW)).given(fits(few)).given(fits(many))
        ),
    },
    probes=(Probe(asked, n=2000), Probe(stability, on=(NEW,), n=1000)),
    budget=Budget(seeds=16, minutes=8),
    measures={f"change after {k}{w}": moved(k, of) for k in (1, 3, 5) for w, of in (("", ""), (", ridge", "oracle."))},
)
