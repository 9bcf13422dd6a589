"""Observational scaling: capabilities as principal components of many benchmarks, lines in log compute within families."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError

EDGE = 0.005
"""How near to 0 and 1 a score may come before its log-odds are taken."""


@dataclass(frozen=True, eq=False)
class Capabilities:
    """`values`: (models, k); `loadings`: (k, benchmarks); `centre`: (benchmarks,) mean log-odds; `explained`: (k,) shares."""

    values: np.ndarray
    loadings: np.ndarray
    centre: np.ndarray
    explained: np.ndarray

    def project(self, scores: Any) -> np.ndarray:
        """(models, k) capabilities of other models from their (models, benchmarks) scores."""
        return (odds(scores) - self.centre) @ self.loadings.T


@dataclass(frozen=True, eq=False)
class Trend:
    """One capability on log compute: an offset of each family's own, and slopes: shared, or (families,)."""

    families: tuple[str, ...]
    offsets: np.ndarray
    slopes: np.ndarray
    residual: float

    def at(self, family: str, flops: Any) -> np.ndarray:
        """The capability of that family at so much compute."""
        g = self.families.index(family)
        return self.offsets[g] + self.slopes[g] * np.log(np.asarray(flops, float))


def odds(scores: Any) -> np.ndarray:
    """Log-odds of scores between 0 and 1, kept off the edges."""
    share = np.asarray(scores, float)
    if np.nanmin(share) < 0 or np.nanmax(share) > 1:
        raise HeldoutError(f"scores run from {np.nanmin(share):g} to {np.nanmax(share):g}: bring them to 0..1 first")
    share = np.clip(share, EDGE, 1 - EDGE)
    return np.log(share / (1 - share))


def capabilities(scores: Any, k: int = 3, *, rounds: int = 100) -> Capabilities:
    """The first k components of (models, benchmarks) scores, the first pointing up (Ruan et al., 2024).

    Missing scores are filled in by the components themselves, again and again (expectation maximisation).
    """
    table = odds(scores)
    if table.ndim != 2 or min(table.shape) <= k or (known := ~np.isnan(table)).sum(axis=0).min() < 2:
        raise HeldoutError(f"scores of shape {table.shape} for {k} components: more models and benchmarks are needed")
    filled = np.where(known, table, np.nanmean(table, axis=0))
    centre, left, sizes, right = _parts(filled)
    for _ in range(rounds if not known.all() else 0):
        again = np.where(known, table, centre + (left[:, :k] * sizes[:k]) @ right[:k])
        moved, filled = float(np.abs(again - filled).max()), again
        centre, left, sizes, right = _parts(filled)
        if moved < 1e-8:
            break
    signs = np.where(right[:k].sum(axis=1) < 0, -1.0, 1.0)
    loadings = right[:k] * signs[:, None]
    return Capabilities((filled - centre) @ loadings.T, loadings, centre, (sizes**2 / (sizes**2).sum())[:k])


def _parts(filled: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    centre = filled.mean(axis=0)
    left, sizes, right = np.linalg.svd(filled - centre, full_matrices=False)
    return centre, left, sizes, right


def trend(values: Any, flops: Any, family: Any, *, shared: bool = False) -> Trend:
    """Least squares of (models,) capabilities on log FLOPs, a line for each family; `shared`: all with one slope."""
    v, names = np.asarray(values, float), np.asarray(family).astype(str)
    compute = np.asarray(flops, float)
    if (compute <= 0).any():
        raise HeldoutError(f"{int((compute <= 0).sum())} models have no positive compute: leave them out")
    families = tuple(dict.fromkeys(names.tolist()))
    u = np.log(compute)
    inside = np.array([names == f for f in families])
    means = np.array([(u[i].mean(), v[i].mean()) for i in inside])
    across = np.array([((u[i] - m) ** 2).sum() for i, m in zip(inside, means[:, 0], strict=True)])
    along = np.array([((u[i] - m) * v[i]).sum() for i, m in zip(inside, means[:, 0], strict=True)])
    if (across.sum() if shared else across.min()) <= 0:
        raise HeldoutError("a family has one scale only: give it more, or let the families share their slope")
    slopes = np.full(len(families), along.sum() / across.sum()) if shared else along / across
    offsets = means[:, 1] - slopes * means[:, 0]
    of = inside.argmax(axis=0)
    rest = v - offsets[of] - slopes[of] * u
    free = len(v) - len(families) - (1 if shared else len(families))
    return Trend(families, offsets, slopes, float(np.sqrt((rest**2).sum() / free)) if free > 0 else float("nan"))


@dataclass(frozen=True, eq=False)
class Downstream:
    """Log-odds of one more benchmark as a line in capabilities: (k,) weights and an intercept."""

    weights: np.ndarray
    intercept: float

    def at(self, values: Any) -> np.ndarray:
        """Scores between 0 and 1 at (models, k) capabilities."""
        return 1 / (1 + np.exp(-(np.asarray(values, float) @ self.weights + self.intercept)))


def downstream(values: Any, scores: Any) -> Downstream:
    """Least squares of (models,) log-odds on (models, k) capabilities."""
    table = np.asarray(values, float)
    if len(table) <= table.shape[1] + 1:
        raise HeldoutError(f"{len(table)} models for {table.shape[1]} capabilities: it needs more models")
    design = np.column_stack([table, np.ones(len(table))])
    found = np.linalg.lstsq(design, odds(scores), rcond=None)[0]
    return Downstream(found[:-1], float(found[-1]))
