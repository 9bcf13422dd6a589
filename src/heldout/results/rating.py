"""Rates systems by their battles: strengths, pairs, ranks, and how far they can be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.special import expit, stdtrit

from heldout.core.errors import HeldoutError
from heldout.results import suspicions
from heldout.results.comparison import Interval, PairVerdict
from heldout.results.rated import Order, Rated, RatedPair, RatedRow
from heldout.results.table import Battles
from heldout.stats.ratings import bradley_terry, outcomes, sandwich
from heldout.stats.ratings.bradley_terry import Fit
from heldout.stats.ratings.counts import Counts, tally
from heldout.stats.ratings.elo import SCALE
from heldout.stats.ratings.rank_centrality import rank_centrality
from heldout.stats.ratings.simultaneous import Separation, separate

CENTRE, POWER, FAR = 1000.0, 0.8416, 10_000_000
"""Points of the average system, normal quantile of four chances in five, and battles beyond which no number is told."""

Cluster = Literal["auto", "voter", "prompt", "none"]


MOST = 1000
"""Systems whose battles are rated together: half a million pairs take 20 s and 0.6 GB."""


@dataclass(frozen=True)
class Options:
    """How to rate.

    `alpha`: error over all pairs together. `ties`: how they are modelled. `order`: whether coming first may bring something,
    where pairs were met both ways round. `cluster`: which battles move together; auto: those of a voter, else of a prompt.
    """

    alpha: float = 0.05
    ties: outcomes.Ties = "davidson"
    order: bool = True
    cluster: Cluster = "auto"
    seed: int = 0


def rate(battles: Battles, options: Options = Options()) -> Rated:
    """Everything that can be said of battles; HeldoutError where nothing can."""
    if len(battles.systems) > MOST:
        raise HeldoutError(
            f"{len(battles.systems):,} systems met in battles, and {MOST:,} can be rated together: leave out those with few battles"
        )
    if (battles.outcome == 0.5).all():
        raise HeldoutError(
            f"all {len(battles.outcome):,} battles are ties: the systems stand equal as far as anybody can see"
        )
    cluster, codes = _clusters(battles, options.cluster)
    systems = len(battles.systems)
    fit, turned = _fit(battles, codes, options)
    counts = fit.counts
    number = 0 if codes is None else sandwich.clusters(fit)
    covariance = sandwich.covariance(fit)
    freedom = number - 1.0 if number else np.inf
    found = separate(
        fit.strength,
        covariance[:systems, :systems],
        np.random.default_rng(options.seed),
        alpha=options.alpha,
        freedom=freedom,
        groups=fit.connectivity.met,
    )
    reach = float(stdtrit(freedom, 0.975)) if number else 1.96
    rows = _rows(battles, fit, covariance, found, reach)
    return Rated(
        battles,
        rows,
        _pairs(battles, fit, found, (reach, options.alpha)),
        _rankings(battles, rows, counts),
        _method(fit, cluster),
        float((battles.outcome == 0.5).mean()),
        _even(fit),
        _order(fit, covariance, reach) if turned else None,
        cluster,
        number,
        _named(battles, fit.connectivity.met),
        _named(battles, fit.connectivity.beaten),
        float(fit.prior.sum()),
        tuple(suspicions.warnings(battles, fit, cluster)),
    )


def refuse(*, lower_is_better: bool, normalise: str, margin: float | None, claims: Mapping[str, str] | None) -> None:
    """HeldoutError for what is asked of scores only."""
    asked = {"lower is better": lower_is_better, "normalise": normalise != "none", "a margin": margin, "claims": claims}
    if given := [name for name, value in asked.items() if value]:
        raise HeldoutError(f"these are battles, which have no scores: leave out {', '.join(given)}")


def _clusters(battles: Battles, wanted: Cluster) -> tuple[str, np.ndarray | None]:
    """What moves together and its codes; nothing where there would be one cluster."""
    for name, codes in (("voter", battles.voter), ("prompt", battles.prompt)):
        if wanted in (name, "auto") and codes is not None and (codes != codes[0]).any():
            return name, codes
        if wanted == name:
            raise HeldoutError(
                f"no column says which battles share a {name}, or all share one: name one with --columns"
            )
    return "", None


def _both_ways(battles: Battles) -> bool:
    """Whether most battles are of pairs met both ways round, so that order can be told from strength."""
    if (battles.outcome == battles.outcome[0]).all():
        return False
    code = battles.first.astype(np.int64) * len(battles.systems) + battles.second
    back = battles.second.astype(np.int64) * len(battles.systems) + battles.first
    return bool(np.isin(code, np.unique(back)).mean() > 0.5)


def _fit(battles: Battles, codes: np.ndarray | None, options: Options) -> tuple[Fit, bool]:
    """The fit, and whether it asks for the effect of coming first: not where that has no estimate."""
    systems = len(battles.systems)

    def fitted(order: bool) -> Fit:
        counts = tally(battles.first, battles.second, battles.outcome, systems=systems, cluster=codes, ordered=order)
        return bradley_terry.fit(counts, ties=options.ties, order=order)

    if options.order and _both_ways(battles):
        try:
            return fitted(True), True
        except HeldoutError:  # the first, or the last, of some pairs always wins: the page says that order is left out
            pass
    return fitted(False), False


def _rows(battles: Battles, fit: Fit, covariance: np.ndarray, found: Separation, reach: float) -> tuple[RatedRow, ...]:
    n = len(battles.systems)
    points = fit.counts.points()
    fought = points.sum(axis=1) + points.sum(axis=0)
    drawn = battles.outcome == 0.5
    ties = np.bincount(battles.first[drawn], minlength=n) + np.bincount(battles.second[drawn], minlength=n)
    error = np.sqrt(np.diag(covariance)[:n])
    rows = []
    for i in np.argsort(-fit.strength, kind="stable"):
        s, e = float(fit.strength[i]), float(error[i]) * reach
        ends = [CENTRE + SCALE * v for v in (s, s - e, s + e)]
        won = float(points[i].sum())
        rows.append(
            RatedRow(
                battles.systems[i],
                Interval(s, s - e, s + e),
                Interval(*ends),
                (int(found.low[i]), int(found.high[i])),
                won / fought[i],
                round(float(fought[i])),
                round(won - float(ties[i]) / 2),
                int(ties[i]),
            )
        )
    return tuple(rows)


def _pairs(battles: Battles, fit: Fit, found: Separation, how: tuple[float, float]) -> tuple[RatedPair, ...]:
    """Every pair, the stronger first, by descending strength."""
    reach, alpha = how
    points = fit.counts.points()
    met = points + points.T
    more = _more(fit, found)
    order = np.argsort(-fit.strength, kind="stable")
    made = []
    for place, i in enumerate(order):
        for j in order[place + 1 :]:
            a, b = battles.systems[i], battles.systems[j]
            if np.isnan(found.p[i, j]):
                none = Interval(*[float("nan")] * 3)
                made.append(RatedPair(a, b, none, none, float("nan"), "undecided", 0))
                continue
            d, e = float(found.difference[i, j]), reach * float(found.error[i, j])
            shown = found.p[i, j] <= alpha
            verdict: PairVerdict = "a better" if shown else "undecided"
            gap = Interval(d, d - e, d + e)
            chance = Interval(*(float(expit(v)) for v in (d, d - e, d + e)))
            left = None if shown or not np.isfinite(more[i, j]) else int(more[i, j])
            made.append(RatedPair(a, b, gap, chance, float(found.p[i, j]), verdict, round(float(met[i, j])), left))
    return tuple(made)


def _more(fit: Fit, found: Separation) -> np.ndarray:
    """(systems, systems) battles between two that would bring their difference to where it is probably shown.

    A battle between the two adds its information to what is known of their difference, less what battles of one cluster
    repeat, as much as they do in what was seen.
    """
    n = len(fit.strength)
    model = fit.model[:n, :n]
    variance = np.diag(model)
    plain = variance[:, None] + variance[None, :] - 2 * model
    tie = fit.tie if fit.problem.tied else 0.0
    chances = outcomes.probabilities(fit.kind, found.difference, tie)
    told = -outcomes.slopes(fit.kind, chances, found.difference, tie).gap2
    with np.errstate(divide="ignore", invalid="ignore"):
        wanted = (found.difference / (found.critical + POWER)) ** 2
        spread = np.maximum(found.error**2 / plain, 1e-12)
        number = np.ceil((1 / wanted - 1 / found.error**2) / told * spread)
    return np.where((number > 0) & (number < FAR), number, np.nan)


def _order(fit: Fit, covariance: np.ndarray, reach: float) -> Order:
    at = len(fit.strength)
    e = reach * float(np.sqrt(covariance[at, at]))
    ends = (fit.order, fit.order - e, fit.order + e)
    return Order(Interval(*ends), Interval(*(float(expit(v)) for v in ends)))


def _even(fit: Fit) -> float:
    """The share of ties between equals."""
    return float(outcomes.probabilities(fit.kind, np.zeros(1), fit.tie)[1, 0]) if fit.problem.tied else float("nan")


def _rankings(battles: Battles, rows: tuple[RatedRow, ...], counts: Counts) -> dict[str, tuple[str, ...]]:
    """Orders by different lights, the best first."""
    made = {
        "Bradley-Terry": tuple(r.system for r in rows),
        "win rate": tuple(r.system for r in sorted(rows, key=lambda r: -r.win_rate)),
    }
    try:
        walked = rank_centrality(counts)
    except HeldoutError:  # wins do not link everybody: the fit says so
        return made
    return made | {"rank centrality": tuple(battles.systems[i] for i in np.argsort(-walked, kind="stable"))}


def _method(fit: Fit, cluster: str) -> str:
    ties = {"half": "", "davidson": ", ties by Davidson", "rao-kupper": ", ties by Rao and Kupper"}[fit.kind]
    halves = ", a tie half a win" if fit.kind == "half" and fit.counts.ties else ""
    errors = f"standard errors clustered by {cluster}" if cluster else "sandwich standard errors"
    return f"Bradley-Terry{ties}{halves}; {errors}"


def _named(battles: Battles, codes: np.ndarray) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(battles.systems[i] for i in np.flatnonzero(codes == k)) for k in range(int(codes.max()) + 1))
