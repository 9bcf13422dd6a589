"""Investigating the Limitations of Transformers with Simple Arithmetic Tasks (Nogueira et al., 2021): sums, by their digits.

Kept: the task (add two numbers; train on few digits, ask for many), one answer per item. In place of language models stand
responders whose faults are known, so that every verdict here can be checked by reasoning; an endpoint goes where they are.
Left out: the representations of numbers that the paper compares, and subtraction.
"""

from heldout import At, Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.language.sums import Sums

sums = Sums(iid=3, digits=(6, 12, 24))
exact = AsIs("heldout.models.adder:exact")
forgetful = AsIs("heldout.models.adder:forgetful")
careless = AsIs("heldout.models.adder:careless")

study = Study(
    paper=Paper(
        "sums",
        title="Investigating the Limitations of Transformers with Simple Arithmetic Tasks",
        year=2021,
        authors="Nogueira, Jiang, Lin",
        arxiv="2102.13019",
    ),
    tasks=(sums,),
    learners=(exact, forgetful, careless),
    claims={
        "who carries every time adds numbers of any length": score(sums, exact, "digits") > 0.95,
        "who forgets late carries is right on short numbers": score(sums, forgetful, "iid") > 0.95,
        "and cannot be trusted on long ones": (score(sums, forgetful, At("digits", 24)) < 0.1).given(
            score(sums, forgetful, "iid") > 0.9
        ),
        "one slip in fifty digits costs less than forgotten carries": (
            score(sums, careless, At("digits", 24)) > score(sums, forgetful, At("digits", 24))
        ),
        "but on short numbers it costs more": score(sums, forgetful, "iid") > score(sums, careless, "iid"),
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=800, minutes=1),
)
