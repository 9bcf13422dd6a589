"""What was fixed before the first run."""

from collections.abc import Mapping

from heldout.core.claim import Claim
from heldout.core.digest import digest
from heldout.core.study import Budget


def lock(claims: Mapping[str, Claim], budget: Budget) -> str:
    """The digest of the claims, by name, and of the caps that fix the looks; the clock is not in it."""
    return digest((dict(claims), budget.seeds, budget.items))
