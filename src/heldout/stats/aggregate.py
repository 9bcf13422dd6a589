"""Aggregates of a runs x tasks table of scores: one number for one system.

A table is an array (..., runs, tasks) in which NaN marks a run that is missing; a task may have any number of runs, and
none. Every task weighs the same and shares its weight equally among its runs, so that unequal numbers of runs do not
let one task speak louder. On balanced tables the numbers are those of Agarwal et al., "Deep Reinforcement Learning at
the Edge of the Statistical Precipice" (2021).
"""

from typing import NamedTuple

import numpy as np

from heldout.core.errors import HeldoutError


class Estimate(NamedTuple):
    """A number, or an array of numbers, with the ends of its interval; infinite ends say that nothing is known."""

    estimate: np.ndarray
    low: np.ndarray
    high: np.ndarray


def table(scores: np.ndarray) -> np.ndarray:
    """The scores as a (..., runs, tasks) array of floats in which NaN alone marks what is missing.

    Raises HeldoutError for fewer than two dimensions, for infinite scores and where no score is left.
    """
    scores = np.asarray(scores, dtype=float)
    if scores.ndim < 2:
        raise HeldoutError(f"scores have shape {scores.shape}: give runs x tasks, with NaN where a run is missing")
    if np.isinf(scores).any():
        raise HeldoutError("an infinite score cannot be averaged: give the worst score of the task, or NaN if missing")
    if scores.size == 0 or np.isnan(scores).all(axis=(-2, -1)).any():
        raise HeldoutError("no score is present: a table needs at least one run of one task")
    return scores


def runs_per_task(scores: np.ndarray) -> np.ndarray:
    """How many runs each task has: (..., runs, tasks) to (..., tasks)."""
    return np.count_nonzero(~np.isnan(scores), axis=-2)


def coverage(scores: np.ndarray) -> np.ndarray:
    """Share of the tasks that have at least one run."""
    return (runs_per_task(scores) > 0).mean(axis=-1)


def weights(scores: np.ndarray) -> np.ndarray:
    """Weight of every run, 1 / (tasks present x runs of its task), zero where missing; same shape, adds up to one."""
    runs = runs_per_task(scores)[..., None, :]
    present = np.count_nonzero(runs, axis=-1)[..., None]
    return np.where(np.isnan(scores), 0.0, 1.0 / (np.maximum(runs, 1) * present))


def task_means(scores: np.ndarray) -> np.ndarray:
    """Mean score of each task over its runs: (..., runs, tasks) to (..., tasks), NaN for a task without runs."""
    runs = runs_per_task(scores)
    total = np.where(np.isnan(scores), 0.0, scores).sum(axis=-2)
    return np.where(runs > 0, total / np.maximum(runs, 1), np.nan)


def mean(scores: np.ndarray) -> np.ndarray:
    """Mean over tasks of the task means."""
    return np.nanmean(task_means(table(scores)), axis=-1)


def median(scores: np.ndarray) -> np.ndarray:
    """Median over tasks of the task means."""
    return np.nanmedian(task_means(table(scores)), axis=-1)


def optimality_gap(scores: np.ndarray, target: float = 1.0) -> np.ndarray:
    """Mean amount by which runs fall short of `target`; what lies above it does not make up for it."""
    scores = table(scores)
    return target - np.nansum(weights(scores) * np.minimum(scores, target), axis=(-2, -1))


def iqm(scores: np.ndarray) -> np.ndarray:
    """Interquartile mean: the mean of the middle half of all runs of all tasks, by weight.

    Cut on each side is the weight floor(N / 4) / N of N scores present, so that balanced tables give exactly
    `scipy.stats.trim_mean(scores, 0.25, axis=None)`; a run that straddles a cut counts with the part that is inside.
    """
    scores = table(scores)
    flat = scores.reshape(*scores.shape[:-2], -1)
    if not np.isnan(flat).any():
        n = flat.shape[-1]
        cut = n // 4
        return np.sort(flat, axis=-1)[..., cut : n - cut].mean(axis=-1)
    kept, order = inner_weights(scores)
    return np.nansum(kept * np.take_along_axis(flat, order, axis=-1), axis=-1)


def inner_weights(scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights of the middle half and the order that sorts the flattened scores, both (..., runs * tasks).

    The weights belong to the sorted scores (missing ones last, weight zero) and add up to one.
    """
    flat = scores.reshape(*scores.shape[:-2], -1)
    order = np.argsort(flat, axis=-1)
    weight = np.take_along_axis(weights(scores).reshape(flat.shape), order, axis=-1)
    count = np.count_nonzero(~np.isnan(flat), axis=-1)[..., None]
    cut = count // 4 / count
    upper = np.cumsum(weight, axis=-1)
    kept = np.clip(upper, cut, 1 - cut) - np.clip(upper - weight, cut, 1 - cut)
    return kept / kept.sum(axis=-1, keepdims=True), order


def win_rate(means: np.ndarray) -> np.ndarray:
    """Share of opponents and tasks that each system beats, ties one half: (..., systems, tasks) to (..., systems).

    `means` are task means, NaN where a system lacks the task; a pair of systems is compared on the tasks that both
    have, and every opponent met at least once weighs the same. NaN for a system that meets nobody.
    """
    means = np.asarray(means, dtype=float)
    rates = []
    for i in range(means.shape[-2]):
        here, there = means[..., i : i + 1, :], np.delete(means, i, axis=-2)
        tasks = (~np.isnan(here - there)).sum(axis=-1)
        won = ((here > there) + 0.5 * (here == there)).sum(axis=-1)
        rate = np.divide(won, tasks, out=np.zeros(won.shape), where=tasks > 0).sum(axis=-1)
        met = (tasks > 0).sum(axis=-1)
        rates.append(np.divide(rate, met, out=np.full(rate.shape, np.nan), where=met > 0))
    return np.stack(rates, axis=-1)
