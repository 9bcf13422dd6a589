"""Ask the store a question in SQL."""

import click

from heldout.cli.options import existing_store, json_option, store_option
from heldout.cli.output import print_table


@click.command
@click.argument("query", metavar="QUERY")
@store_option
@json_option
def command(query: str, where: str, as_json: bool) -> None:
    """Ask the store a question in SQL: DuckDB's, over five views.

    The views are specs, runs, records, items and verdicts. A terminal gets aligned columns, a pipe tab-separated ones.

    \b
    heldout sql "from verdicts select claim, verdict, estimate, low, high"
    heldout sql "from records select learner, split, sum(value * n) / sum(n) group by all order by all"
    """  # noqa: D301 - what Click takes for "as it stands"
    names, rows = existing_store(where).query(query)
    print_table(names, rows, as_json=as_json)
