"""The page's parts in their order."""

from dataclasses import replace

from heldout.results.comparison import Comparison
from heldout.results.pages import abilities, aggregates, pairs, plan, profiles, rankings, reliability, tasks
from heldout.results.pages.section import Plate, Section


def contents(
    comparison: Comparison, most_systems: int = aggregates.MOST, most_tasks: int = tasks.MOST
) -> tuple[Section, ...]:
    """Every part that has something to say; warnings and claims are each page's own."""
    made = (
        aggregates.section(comparison, most_systems),
        pairs.section(comparison),
        rankings.section(comparison),
        profiles.section(comparison),
        reliability.section(comparison),
        abilities.section(comparison),
        tasks.section(comparison, most_tasks),
        plan.section(comparison),
    )
    return tuple(_drawn(s, comparison) for s in made if not s.nothing)


def _drawn(section: Section, comparison: Comparison) -> Section:
    """The section with the figures that are drawn of it, once a page asks for them."""

    def drawn() -> tuple[Plate, ...]:
        from heldout.results.pages.figures import plates

        draw = {"aggregates": plates.aggregates, "pairs": plates.pairs, "profiles": plates.profiles}
        return draw[section.slug](comparison)

    return replace(section, figures=drawn) if section.slug in ("aggregates", "pairs", "profiles") else section
