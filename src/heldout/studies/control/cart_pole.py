"""Assessing Generalization in Deep Reinforcement Learning (Packer et al., 2018): the cart-pole.

Kept: one of the six environments, PPO, training on one dynamics against training on varied ones, and what an agent does
where length, mass or force leave the range. Added: going on from a trained agent on a pole four times as long.
Left out: A2C, EPOpt, RL2 and the other environments; all three quantities leaving the range at once.
"""

from heldout import At, Budget, Choice, Paper, Probe, Study, Sweep, Trained, all_of, best, score
from heldout.learners.ppo import PPO
from heldout.probes.score import score as asked
from heldout.tasks.control.cart_pole import CartPole

cart_pole = CartPole()
agent = PPO()
swept = Sweep(agent, (("rate", Choice(3e-4, 1e-3, 3e-3)),))
varied = PPO(split="varied")
tuned = PPO(20_000, "target", initial=Trained(cart_pole, agent), label="PPO, fine-tuned")
scratch = PPO(20_000, "target", label="PPO, from scratch")

learnt = score(cart_pole, swept, "iid", at=best("iid")) > 0.9
learnt_varied = score(cart_pole, varied, "varied") > 0.9

study = Study(
    paper=Paper(
        "cart-pole",
        title="Assessing Generalization in Deep Reinforcement Learning",
        year=2018,
        authors="Packer, Gao, Kos, Krähenbühl, Koltun, Song",
        arxiv="1810.12282",
    ),
    tasks=(cart_pole,),
    learners=(swept, varied, tuned, scratch),
    claims={
        "an agent of one pole balances poles half and twice as long": all_of(
            score(cart_pole, swept, At("length", 0.25), at=best("iid")) > 0.9,
            score(cart_pole, swept, At("length", 1.0), at=best("iid")) > 0.9,
        ).given(learnt),
        "and fails on one eight times as long": (
            score(cart_pole, swept, At("length", 4.0), at=best("iid")) < 0.5
        ).given(learnt),
        "varied training carries further than training on one pole": (
            score(cart_pole, varied, "length") > score(cart_pole, swept, "length", at=best("iid"))
        ).given(learnt_varied),
        "a tenth of the steps suffices to move on to a pole four times as long": (
            score(cart_pole, tuned, "target") > score(cart_pole, scratch, "target") + 0.2
        ).given(learnt),
    },
    probes=(Probe(asked, n=32),),
    budget=Budget(seeds=24, minutes=5),
)
