"""A comparison as a library hands it out: it shows itself in a notebook, tells its table, draws and writes itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.results.compare import Options
from heldout.results.compare import compare as compare_table
from heldout.results.comparison import Comparison
from heldout.results.ratings import Ratings
from heldout.results.table import Battles, Table


@dataclass(frozen=True, eq=False)
class Compared:
    """What `heldout.compare` returns. `comparison`: the values, all of them."""

    comparison: Comparison

    def table(self) -> list[dict[str, Any]]:
        """One dict per system, as `pandas.DataFrame(...)` and others take them: aggregates, their ends, ranks, and `first`: the probability of the first rank."""
        rows = []
        for one in self.comparison.systems:
            row: dict[str, Any] = {"system": one.system, "runs": one.runs, "tasks": one.tasks}
            for name in ("iqm", "mean", "median", "optimality_gap", "win_rate"):
                value = getattr(one, name)
                row |= {name: value.estimate, f"{name}_low": value.low, f"{name}_high": value.high}
            first = one.ranks[0] if one.ranks else float("nan")
            rows.append(row | {"rank_low": one.rank[0], "rank_high": one.rank[1], "first": first})
        return rows

    def pairs(self) -> list[dict[str, Any]]:
        """One dict per pair: difference, its ends, adjusted p-value, verdict and what it rests on."""
        return [
            {
                "a": p.a,
                "b": p.b,
                "difference": p.difference.estimate,
                "low": p.difference.low,
                "high": p.difference.high,
                "probability_of_improvement": p.probability_of_improvement.estimate,
                "effect_size": p.effect_size,
                "p_adjusted": p.p_adjusted,
                "verdict": p.verdict,
                "n": p.n,
                "unit": p.unit,
                "method": p.method,
                "more_units": p.more_units,
            }
            for p in self.comparison.pairs
        ]

    def plot(self) -> "Drawing":
        """The aggregates with their intervals, as a notebook shows them."""
        from heldout.results.pages.figures.intervals import forests

        return Drawing(tuple(one.file for one in forests(self.comparison)))

    def to_json(self) -> str:
        """The object that `heldout compare --json` prints."""
        import json

        from heldout.results.pages.json import tree

        return json.dumps(tree(self.comparison), indent=2, ensure_ascii=False, allow_nan=False)

    def to_markdown(self) -> str:
        """The page as Markdown."""
        from heldout.results.pages import compared, markdown

        return markdown.page(compared.page(self.comparison))

    def to_html(self) -> str:
        """The page as one self-contained HTML file."""
        from heldout.results.pages import compared, html

        return html.page(compared.page(self.comparison))

    def _repr_html_(self) -> str:
        from html import escape

        from heldout.report.notebook import frame

        try:
            page = self.to_html()
        except (ModuleNotFoundError, HeldoutError):  # the page's templates and figures come with an extra
            return f"<pre>{escape(self.to_markdown())}</pre>"
        return frame(page)

    def __repr__(self) -> str:
        return self.to_markdown()


@dataclass(frozen=True)
class Drawing:
    """Figures side by side. `files`: the text of an SVG file each."""

    files: tuple[str, ...]

    def _repr_html_(self) -> str:
        from base64 import b64encode

        # as images: a figure in the page itself would lend it its styles
        return "".join(f'<img src="data:image/svg+xml;base64,{b64encode(f.encode()).decode()}">' for f in self.files)


def compare(
    data: Any,
    *,
    columns: Mapping[str, str] | None = None,
    lower_is_better: bool = False,
    normalise: str = "none",
    margin: float | None = None,
    claims: Mapping[str, str] | None = None,
) -> Compared | Ratings:
    """Compare the systems of a table of results, or rate them by their battles (rows of two systems and who won).

    `data`: a pandas or polars frame, an Arrow table, a dict of columns, `{system: (runs, tasks) array}` as rliable takes,
    or a `Table` as read before. `columns`: role (system, task, run, item, score ...) to column name, where the names do not
    say. `normalise`: none, min-max, or `reference FILE`. `margin`: the difference below which two systems are as good as
    each other. `claims`: name to statement, such as `score("B") > score("A") + 0.01`, each decided. Error over all pairs,
    and over all claims, is at most 0.05. HeldoutError names what cannot be understood.
    """
    from heldout.results.reading import Reading, read_frame

    table = data
    if not isinstance(data, Table | Battles):
        table = read_frame(data, Reading(columns or {}, lower_is_better, normalise))
    if isinstance(table, Battles):
        from heldout.results.rating import rate, refuse

        refuse(lower_is_better=lower_is_better, normalise=normalise, margin=margin, claims=claims)
        return Ratings(rate(table))
    return Compared(compare_table(table, Options(margin=margin, claims=claims or {}, normalised=normalise)))
