"""Neural Networks and the Chomsky Hierarchy (Delétang et al., 2023).

Kept: a regular and a context-free task of the fifteen (parity, reverse string), the five architectures of the main table, training on
short strings and testing on longer ones, the score as the share of right symbols, solved from 90% on.
Changed: networks of 32 units, not 256, for 1,000 to 3,000 updates, far fewer than there; strings of up to 12 symbols, tested at 24 and 36
(the paper: up to 40, tested up to 500); every string of a batch has a length of its own; what is scored `iid` was never trained on;
stack and tape are as long as the input. A claim is about the typical run, where the paper takes the best of several. The
transformer has one layer and no dropout.
Left out: the thirteen other tasks (they are in `heldout.tasks.formal`), curricula, autoregressive models.
Before this was written, one or two seeds of each architecture had been tried, on parity, cycle navigation, reverse string and
duplicate string, which the tape did not learn in time: so the context-sensitive row is missing here.
Found: the hierarchy. The four networks with recurrence carry parity to three times the length (0.98 and more), the transformer is at
chance there; stack and tape carry reversal (0.97 and more), RNN and LSTM score 0.6 to 0.7. That the stack is ahead of the LSTM by more
than 0.1 is undecided though it is ahead by 0.34: with 24 seeds the interval of a mean, made for scores of any shape, still reaches 0.09.
"""

from dataclasses import replace

from heldout import Budget, Claim, Paper, Probe, Study, all_of, score
from heldout.learners.optimiser import AdamW
from heldout.learners.supervised import Supervised
from heldout.models.lstm import LSTM
from heldout.models.rnn import RNN
from heldout.models.stack_rnn import StackRNN
from heldout.models.tape_rnn import TapeRNN
from heldout.models.transformer import Transformer
from heldout.probes.score import score as asked
from heldout.tasks.formal.parity import Parity
from heldout.tasks.formal.reverse_string import ReverseString

parity = Parity(12, (24, 36))
reverse = ReverseString(12, (24, 36))

rate = AdamW(3e-3, decay=0.0, schedule="cosine", clip=1.0)
rnn = Supervised(RNN(32), 3000, 32, rate, label="RNN")
lstm = Supervised(LSTM(32), 2000, 32, rate, label="LSTM")
stack = Supervised(StackRNN(32), 1000, 32, rate, label="Stack-RNN")
tape = Supervised(TapeRNN(32, layers=()), 1500, 32, rate, label="Tape-RNN")
transformer = Supervised(Transformer(32, 1), 1500, 32, replace(rate, rate=2e-3), label="Transformer")


def fits(task: Parity | ReverseString, *learners: Supervised) -> Claim:
    """The condition that the learners do at the training lengths, on strings that they have not seen, what they were trained for."""
    return all_of(*(score(task, one) > 0.85 for one in learners))


study = Study(
    paper=Paper(
        "chomsky",
        title="Neural Networks and the Chomsky Hierarchy",
        year=2023,
        authors=(
            "Grégoire Delétang, Anian Ruoss, Jordi Grau-Moya, Tim Genewein, Li Kevin Wenliang, Elliot Catt, Chris Cundy, "
            "Marcus Hutter, Shane Legg, Joel Veness and Pedro A. Ortega"
        ),
        arxiv="2207.02098",
        published={
            "parity is solved by": "RNN, LSTM, Stack-RNN and Tape-RNN, not by the transformer",
            "reverse string is solved by": "Stack-RNN and Tape-RNN alone",
        },
    ),
    tasks=(parity, reverse),
    learners=(rnn, lstm, stack, tape, transformer),
    claims={
        "recurrence extrapolates a regular language": (score(parity, rnn, "length") > 0.9).given(fits(parity, rnn)),
        "a transformer does not, though it fits the short strings": (
            (score(parity, transformer, "length") < 0.9).given(fits(parity, transformer))
        ),
        "with a stack or a tape, reversal is extrapolated": all_of(
            *((score(reverse, one, "length") > 0.9).given(fits(reverse, one)) for one in (stack, tape))
        ),
        "without either it is not": all_of(
            *((score(reverse, one, "length") < 0.9).given(fits(reverse, one)) for one in (rnn, lstm))
        ),
        "a stack is what reversal needs": (
            (score(reverse, stack, "length") > score(reverse, lstm, "length") + 0.1).given(fits(reverse, stack))
        ),
    },
    probes=(Probe(asked, n=128),),
    budget=Budget(seeds=24, minutes=10),
)
