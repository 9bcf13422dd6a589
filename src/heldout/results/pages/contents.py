"""The page's parts in their order."""

from heldout.results.comparison import Comparison
from heldout.results.pages import aggregates, pairs, plan, profiles, rankings, tasks
from heldout.results.pages.section import Section


def contents(
    comparison: Comparison, most_systems: int = aggregates.MOST, most_tasks: int = tasks.MOST
) -> tuple[Section, ...]:
    """Every part that has something to say; warnings and claims are each page's own."""
    made = (
        aggregates.section(comparison, most_systems),
        pairs.section(comparison),
        rankings.section(comparison),
        profiles.section(comparison),
        tasks.section(comparison, most_tasks),
        plan.section(comparison),
    )
    return tuple(s for s in made if not s.nothing)
