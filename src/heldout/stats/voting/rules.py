"""Every rule at once, by name."""

import numpy as np

from heldout.stats.voting import condorcet, kemeny, scoring
from heldout.stats.voting.ballots import ballots
from heldout.stats.voting.points import Rule


def rules(scores: np.ndarray, weights: np.ndarray | None = None) -> dict[str, np.ndarray]:
    """Points of each rule for a (systems, tasks) table; the geometric mean only where no score is negative."""
    scores, weights = ballots(scores, weights)
    chosen: dict[str, Rule] = {
        "mean": scoring.arithmetic,
        "geometric mean": scoring.geometric,
        "plurality": scoring.plurality,
        "dowdall": scoring.dowdall,
        "borda": scoring.borda,
        "threshold": scoring.threshold,
        "baldwin": scoring.baldwin,
        "copeland": lambda s, w: condorcet.copeland(s, w, "wins and ties"),
        "copeland I": lambda s, w: condorcet.copeland(s, w, "wins minus losses"),
        "copeland II": lambda s, w: condorcet.copeland(s, w, "wins"),
        "copeland III": lambda s, w: condorcet.copeland(s, w, "losses"),
        "minimax, winning votes": lambda s, w: condorcet.minimax(s, w, "winning votes"),
        "minimax, margins": lambda s, w: condorcet.minimax(s, w, "margins"),
        "minimax, opposition": lambda s, w: condorcet.minimax(s, w, "opposition"),
        "schulze": condorcet.schulze,
        "ranked pairs": condorcet.ranked_pairs,
        "kemeny": kemeny.points,
    }
    return {
        name: rule(scores, weights)
        for name, rule in chosen.items()
        if name != "geometric mean" or not (scores < 0).any()
    }
