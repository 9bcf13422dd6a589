"""The Coverage Principle: A Framework for Understanding Compositional Generalization (Chang et al., 2025).

Since its second version the paper is called "Characterizing Pattern Matching and Its Limits on Compositional Task Structures".
Kept: the two-hop task of two random functions on single tokens, of whose pairs a share is never seen; functional equivalence of
fragments with k shared contexts and no contradiction, the substitution graph and its connected components; the cutoff of an input,
the largest k with which it is still covered; a causal decoder that is trained long after it knows its training inputs.
Changed: 12 tokens take the place of 50 and more, a decoder of two layers of 32 that of GPT-2 (8 layers of 768), an LSTM that of
Mamba; 1,500 updates; four fifths or half of what is made up of seen pairs is trained on. Fragments are the pairs that the
first function reads. The two functions are the same ones for all seeds, which differ in first weights and batches. Inputs that are
covered by mistake, through fragments that only seem to do the same, are left out, as in the authors' program.
Left out: the growth of the data needed with the number of tokens (the exponent) and with 20 times the parameters, three hops, parallel
hops, path ambiguity, chains of thought, the states inside.
The claims were written after one seed (key 1000) of each network had been tried: the decoder had 0.76 right of what is covered and
0.19 of what is not, the LSTM 0.52 and 0.20; with half trained on, 0.17, 0.31, 0.48 and 0.37 at rising cutoffs. A first run, of twice
as many updates, used up its time on one cell (the decoder, four fifths trained on: 0.18 of what is not covered). Since then the
trainings are shorter, and two claims ask for a ratio and for a difference where they asked for margins that 16 seeds cannot show.
Found: all four claims. On average the decoder has 62% right of what is covered and 17% of what is not, the LSTM 51% and 19%
(the most common answer would have 13%), with the training inputs known. Accuracy rises with the cutoff (a rank correlation of
0.58 on average over four levels), and from 32 to 58 percent of `iid`, by 26 points, with more trained on.
"""

from heldout import Budget, Claim, Paper, Probe, Study, all_of, score, trend
from heldout.core import At
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.decoder import Decoder
from heldout.models.lstm import LSTM
from heldout.probes.score import score as asked
from heldout.tasks.formal.two_hop import TwoHop

CUTOFFS = (1, 3, 4, 5)
KNOWN = 0.9
"""What is right of the training inputs at least."""

ample = TwoHop(12, 0.8, 0.8, (0, 1))
scarce = TwoHop(12, 0.5, 0.8, (0, *CUTOFFS))

decoder = Supervised(Decoder(32, 2), 1500, 128, AdamW(5e-3, decay=0.5, schedule="cosine"), label="decoder")
lstm = Supervised(LSTM(64), 1200, 256, AdamW(3e-3, decay=0.5), label="LSTM")

COVERED, UNCOVERED = At("coverage", 1.0), At("coverage", 0.0)


def known(task: TwoHop, learner: Supervised) -> Claim:
    """The condition that the training inputs were learnt."""
    return score(task, learner, "train") > KNOWN


study = Study(
    paper=Paper(
        "coverage-principle",
        title="The Coverage Principle: A Framework for Understanding Compositional Generalization",
        year=2025,
        authors=(
            "Hoyeon Chang, Jinho Park, Hanseul Cho, Sohee Yang, Miyoung Ko, Hyeonbin Hwang, Seungpil Won, Dohaeng Lee, "
            "Youbin Ahn and Minjoon Seo"
        ),
        arxiv="2505.20278",
        published={
            "what is not covered is right no more than twice as often as chance": "near chance for two hops",
            "the more contexts bear out what covers an input, the more often it is right": (
                "inputs with a higher cutoff are right earlier and more often"
            ),
        },
    ),
    tasks=(ample, scarce),
    learners=(decoder, lstm),
    claims={
        "what is covered is right more than twice as often as what is not": all_of(
            *(
                (score(ample, one, COVERED) > 2.0 * score(ample, one, UNCOVERED)).given(known(ample, one))
                for one in (decoder, lstm)
            )
        ),
        "what is not covered is right no more than twice as often as chance": all_of(
            *((score(ample, one, UNCOVERED) < 2 * ample.chance).given(known(ample, one)) for one in (decoder, lstm))
        ),
        "the more contexts bear out what covers an input, the more often it is right": (
            (trend([score(scarce, decoder, At("coverage", float(k))) for k in CUTOFFS], CUTOFFS) > 0).given(
                known(scarce, decoder)
            )
        ),
        "what is covered is right more often where more is trained on": (
            (score(ample, decoder) > score(scarce, decoder)).given(known(scarce, decoder))
        ),
    },
    probes=(Probe(asked, n=512),),
    budget=Budget(seeds=16, minutes=8),
)
