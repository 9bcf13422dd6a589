"""How well players do against a whole population (Lanctot et al., 2023), from a table of what they earn against its members."""

import numpy as np


def population_return(earned: np.ndarray) -> np.ndarray:
    """The mean payoff over the members: (members, ...) to (...)."""
    return np.asarray(earned, float).mean(0)


def exploitability(earned: np.ndarray) -> np.ndarray:
    """The most that any member takes from the player; the payoffs of each pair of players sum to zero."""
    return -np.asarray(earned, float).min(0)


def aggregate_score(earned: np.ndarray) -> np.ndarray:
    """The mean payoff less the most that any member takes."""
    return population_return(earned) - exploitability(earned)
