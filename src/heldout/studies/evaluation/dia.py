"""Dynamic Intelligence Assessment: Benchmarking LLMs on the Road to AGI with a Focus on Model Confidence (Tihanyi et al., 2024).

Kept: the four metrics (reliability score, task success rate, confidence index, near-miss score) of five instances of each
template, with declining allowed; intervals over templates.
Changed: scripted agents of known skill, who decline below a chance of 2/3 as they see it or not at all, take the place of language models;
40 templates of random difficulty that of 150 written ones. Left out: the templates themselves, tool use.
Found: all claims as asked. The weak who decline in time (0.10) stand above the middling who answer everything (-0.25 on the same
scale), though they succeed far less often.
"""

from heldout import At, Budget, Paper, Probe, Study, ordered, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.estimation.templates import Templates

reliability, success, confidence = Templates("reliability"), Templates("success"), Templates("confidence")
near_miss, instability, coverage = Templates("near_miss"), Templates("instability"), Templates("coverage")


def agent(name: str) -> AsIs:
    """A scripted agent."""
    return AsIs(f"heldout.models.template_agent:{name}", label=name.replace("_", ", "))


able_careful, able_bold, overconfident = agent("able_careful"), agent("able_bold"), agent("able_overconfident")
middling_careful, middling_bold = agent("middling_careful"), agent("middling_bold")
weak_careful, weak_bold = agent("weak_careful"), agent("weak_bold")
many = At("instances", 20)

study = Study(
    paper=Paper(
        "dia",
        title="Dynamic Intelligence Assessment: Benchmarking LLMs on the Road to AGI with a Focus on Model Confidence",
        year=2024,
        authors="Tihanyi, Bisztray, Dubniczky, Toth, Borsos, Cherif, Ferrag, Muzsai, Jain, Marinelli, Cordeiro, Debbah, Mavroeidis, Jøsang",
        arxiv="2410.15490",
    ),
    tasks=(reliability, success, confidence, near_miss, instability, coverage),
    learners=(able_careful, able_bold, overconfident, middling_careful, middling_bold, weak_careful, weak_bold),
    claims={
        "of those who answer everything, all five instances are right far less often than one is: able": (
            score(instability, able_bold, "iid") > 0.1
        ),
        "the same of the middling": score(instability, middling_bold, "iid") > 0.1,
        "over-attempting turns the reliability of the weak negative": score(reliability, weak_bold, "iid") < 0,
        "who as weak declines in time stays above nothing": score(reliability, weak_careful, "iid") > 0,
        "though declining lowers success": score(success, weak_bold, "iid") > score(success, weak_careful, "iid"),
        "success puts the middling bold above the weak careful, and above the middling careful": ordered(
            score(success, middling_bold, "iid"),
            score(success, middling_careful, "iid"),
            score(success, weak_careful, "iid"),
        ),
        "reliability turns it round: the weak who decline are above the middling who do not": (
            score(reliability, weak_careful, "iid") > score(reliability, middling_bold, "iid")
        ),
        "overconfidence costs reliability, though less than answering everything": ordered(
            score(reliability, able_careful, "iid"),
            score(reliability, overconfident, "iid"),
            score(reliability, able_bold, "iid"),
        ),
        "of the careful, reliability finds the planted order": ordered(
            score(reliability, able_careful, "iid"),
            score(reliability, middling_careful, "iid"),
            score(reliability, weak_careful, "iid"),
        ),
        "confidence falls as more instances are asked": (
            score(confidence, able_bold, many) < score(confidence, able_bold, "iid")
        ),
        "the interval over templates covers: able, bold": score(coverage, able_bold, "iid") > 0.9,
        "the interval over templates covers: weak, careful": score(coverage, weak_careful, "iid") > 0.9,
    },
    probes=(Probe(asked, items=True),),
    budget=Budget(items=3200, minutes=4),
)
"""The claims are about assessments of 40 templates: each item is one assessment of fresh templates."""
