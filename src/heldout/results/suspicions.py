"""What a good reviewer would say of battles: who was never beaten, who never met, who voted, how often."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from heldout.results.table import Battles
from heldout.stats.ratings import sandwich
from heldout.stats.ratings.bradley_terry import Fit
from heldout.stats.ratings.prior import WINS

FEW, VOTERS, PROMPTS, HEAVY, WIDER = 20, 30, 30, 0.2, 0.2
"""Battles of a system, voters and prompts below which little is known; the share of battles that is too much for one voter, and by how much wider is told."""


def warnings(battles: Battles, fit: Fit, cluster: str) -> Iterator[str]:
    """Sentences, the gravest first."""
    yield from _groups(battles, fit)
    yield from _extremes(battles, fit)
    yield from _components(battles, fit)
    yield from _voters(battles, cluster)
    yield from _prompts(battles, fit, cluster)
    yield from _few(battles)


def _groups(battles: Battles, fit: Fit) -> Iterator[str]:
    met = fit.connectivity.met
    if fit.connectivity.joined:
        return
    parts = [_listed([battles.systems[i] for i in np.flatnonzero(met == k)]) for k in range(min(int(met.max()) + 1, 3))]
    more = f" ... ({int(met.max()) + 1} groups)" if met.max() > 2 else ""
    yield f"no battle links these groups: {'; '.join(parts)}{more}: systems are comparable within a group only"


def _extremes(battles: Battles, fit: Fit) -> Iterator[str]:
    """Who won or lost everything; a tie is neither."""
    points, n = fit.counts.points(), len(battles.systems)
    won, lost = points.sum(axis=1), points.sum(axis=0)
    for said, names in (
        ("won", [battles.systems[i] for i in range(n) if lost[i] == 0 and won[i] > 0]),
        ("lost", [battles.systems[i] for i in range(n) if won[i] == 0 and lost[i] > 0]),
    ):
        if names:
            side = "above" if said == "won" else "below"
            yield (
                f"{_listed(names)} {said} every battle: {side} those met, but battles cannot say how far; "
                f"the rating rests on a prior of {WINS:g} wins each way"
            )


def _components(battles: Battles, fit: Fit) -> Iterator[str]:
    """Groups linked one way only, beyond single systems that won or lost everything."""
    beaten = fit.connectivity.beaten
    sizes = np.bincount(beaten)
    if fit.connectivity.settled or (sizes > 1).sum() < 2:
        return
    parts = [_listed([battles.systems[i] for i in np.flatnonzero(beaten == k)]) for k in np.flatnonzero(sizes > 1)[:3]]
    yield (
        f"wins link these groups one way only: {'; '.join(parts)}: which stands above is known, how far rests on a prior "
        f"of {WINS:g} wins each way"
    )


def _voters(battles: Battles, cluster: str) -> Iterator[str]:
    if not cluster:
        yield "nothing says which battles share a voter or a prompt: intervals take every battle as independent"
    for noun, codes, least in (("voter", battles.voter, VOTERS), ("prompt", battles.prompt, PROMPTS)):
        if codes is None:
            continue
        number = np.bincount(codes)
        if (count := int((number > 0).sum())) < least:
            about = (
                "intervals that rest on so few are rough" if noun == cluster else f"intervals are about these {noun}s"
            )
            yield f"only {count} {noun}{'' if count == 1 else 's'}: {about}"
        elif noun == "voter" and number.max() > HEAVY * number.sum():
            yield f"one voter cast {number.max() / number.sum():.0%} of the votes"


def _prompts(battles: Battles, fit: Fit, cluster: str) -> Iterator[str]:
    """How much wider intervals would be about prompts like these than about these prompts."""
    if cluster != "voter" or battles.prompt is None or (battles.prompt == battles.prompt[0]).all():
        return
    source = fit.counts.source
    if source is None:
        return
    beside = replace(fit, counts=replace(fit.counts, source=source._replace(cluster=battles.prompt)))
    n = len(battles.systems)
    errors = [np.sqrt(np.diag(sandwich.covariance(one))[:n]).mean() for one in (beside, fit)]
    if (ratio := float(errors[0] / errors[1])) > 1 + WIDER:
        yield (
            f"votes on one prompt go together more than those of one voter: about new prompts like these intervals would be "
            f"{ratio:.1f} times as wide (clusters are then given as the voter, with --columns)"
        )


def _few(battles: Battles) -> Iterator[str]:
    n = len(battles.systems)
    fought = np.bincount(battles.first, minlength=n) + np.bincount(battles.second, minlength=n)
    if names := [battles.systems[i] for i in np.flatnonzero(fought < FEW)]:
        yield f"fewer than {FEW} battles: {_listed(names)}; such ratings are guesses with wide intervals"


def _listed(names: Sequence[str], most: int = 4) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
