"""Ratings as a library hands them out: they show themselves in a notebook, tell their table, draw and write themselves."""

from dataclasses import dataclass
from typing import Any

from heldout.results.rated import Rated


@dataclass(frozen=True, eq=False)
class Ratings:
    """What `heldout.compare` returns for battles. `rated`: the values, all of them."""

    rated: Rated

    def table(self) -> list[dict[str, Any]]:
        """One dict per system, the strongest first, as `pandas.DataFrame(...)` and others take them."""
        return [
            {
                "system": r.system,
                "points": r.points.estimate,
                "points_low": r.points.low,
                "points_high": r.points.high,
                "strength": r.strength.estimate,
                "win_rate": r.win_rate,
                "rank_low": r.rank[0],
                "rank_high": r.rank[1],
                "battles": r.battles,
                "wins": r.wins,
                "ties": r.ties,
            }
            for r in self.rated.systems
        ]

    def pairs(self) -> list[dict[str, Any]]:
        """One dict per pair, the stronger first: probability that it wins, its ends, adjusted p-value, verdict."""
        return [
            {
                "a": p.a,
                "b": p.b,
                "difference": p.difference.estimate,
                "low": p.difference.low,
                "high": p.difference.high,
                "probability_of_improvement": p.probability.estimate,
                "p_adjusted": p.p_adjusted,
                "verdict": p.verdict,
                "n": p.battles,
                "unit": "battle",
                "method": self.rated.method,
                "more_units": p.more,
            }
            for p in self.rated.pairs
        ]

    def plot(self) -> Any:
        """Points, ranks and win rates with their intervals, as a notebook shows them."""
        from heldout.results.compared import Drawing
        from heldout.results.pages import rated
        from heldout.results.pages.figures import ratings

        (plate,) = ratings.plates(self.rated, rated.standing(self.rated))
        return Drawing(tuple(one.file for one in plate.drawings))

    def to_json(self) -> str:
        """The object that `heldout compare --json` prints."""
        import json

        from heldout.results.pages.rated_tree import tree

        return json.dumps(tree(self.rated), indent=2, ensure_ascii=False, allow_nan=False)

    def to_markdown(self) -> str:
        """The page as Markdown."""
        from heldout.results.pages import markdown, rated

        return markdown.page(rated.page(self.rated))

    def to_html(self) -> str:
        """The page as one self-contained HTML file."""
        from heldout.results.pages import html, rated

        return html.page(rated.page(self.rated))

    def _repr_html_(self) -> str:
        from html import escape

        try:
            page = self.to_html()
        except ModuleNotFoundError:  # the page's templates come with an extra
            return f"<pre>{escape(self.to_markdown())}</pre>"
        return f'<iframe style="width:100%;height:48em;border:0" sandbox srcdoc="{escape(page)}"></iframe>'

    def __repr__(self) -> str:
        return self.to_markdown()
