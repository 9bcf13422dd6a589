"""The page of ratings."""

from collections.abc import Iterator

from heldout.report.number import counted, interval, number, p_value
from heldout.report.table import Cell, Row, Table
from heldout.report.text import line
from heldout.results.comparison import Interval
from heldout.results.pages.page import Bar, Chart, Chip, Mark, Page
from heldout.results.pages.relation import BETTER, UNDECIDED, WORSE, Relation
from heldout.results.pages.section import Plate, Section, called, listed
from heldout.results.rated import Rated, RatedPair, RatedRow

SYSTEMS, MOST, MANY, TOP, AGAINST = 30, 400, 8, 5, 20
"""Systems on a brief page and on a whole one; systems from which only pairs among the top are shown, and the leader's with so many."""


def page(rated: Rated, *, brief: bool = False) -> Page:
    """The whole page; `brief`: with as many rows as suit a terminal."""
    open_ = sum(p.verdict == "undecided" for p in rated.pairs)
    counts = ((BETTER, "decided", len(rated.pairs) - open_), (UNDECIDED, "undecided", open_))
    kind = UNDECIDED if open_to(rated) or len(rated.groups) > 1 else BETTER
    return Page(
        headline(rated),
        (_ratings(rated, brief=brief), _section(rated, brief=brief), _conditions(rated)),
        Mark(kind.mark, kind.colour),
        tuple(_sentences(rated)),
        sources(rated),
        shape(rated),
        tuple(map(line, rated.battles.understood)),
        tuple(dict.fromkeys(rated.battles.warnings)),
        warnings=tuple(dict.fromkeys(rated.warnings)),
        chart=_chart(rated),
        chips=tuple(Chip(Mark(k.mark, k.colour), f"{n:,} {word}") for k, word, n in counts if n),
        title=f"Ratings from {sources(rated)}",
    )


def sources(rated: Rated) -> str:
    """The files, in a phrase."""
    return listed(rated.battles.sources, 3) or "a table"


def shape(rated: Rated) -> str:
    """Such as `8,931 battles between 59 systems: who won, or a tie; by 124 voters`."""
    said = f"{counted(len(rated.battles.outcome), 'battle')} between {counted(len(rated.systems), 'system')}"
    said += ": who won, or a tie" if rated.ties else ": who won"
    return said + (f"; by {counted(rated.clusters, rated.cluster)}" if rated.cluster else "")


def standing(rated: Rated) -> dict[str, Relation]:
    """How every other system stands to the leader; those of other groups are undecided."""
    leader = rated.systems[0].system
    found = {}
    for pair in rated.pairs:
        if leader in (pair.a, pair.b):
            other = pair.b if pair.a == leader else pair.a
            found[other] = UNDECIDED if pair.verdict == "undecided" else WORSE
    return found


def open_to(rated: Rated) -> list[str]:
    """Systems that may be as strong as the leader, the strongest first."""
    found = standing(rated)
    return [r.system for r in rated.systems[1:] if found[r.system] is UNDECIDED]


def headline(rated: Rated) -> str:
    """Who is strongest, without a full stop."""
    leader, open_ = called(rated.systems[0].system), open_to(rated)
    if len(rated.groups) > 1:
        return f"Undecided: {len(rated.groups)} groups of systems never met, so that nobody is the strongest of all"
    if open_:
        return f"Undecided: {leader} leads, but {listed(open_, 3)} may be as strong"
    whom = (
        called(rated.systems[1].system) if len(rated.systems) == 2 else f"each of the {len(rated.systems) - 1} others"
    )
    return f"{leader} is stronger than {whom}"


def evidence(pair: RatedPair) -> str:
    """Such as `wins 61% of decided battles [54%, 68%], adjusted p 0.004`."""
    q = pair.probability
    return (
        f"wins {number(100 * q.estimate, 0)}% of decided battles [{number(100 * q.low, 0)}%, {number(100 * q.high, 0)}%], "
        f"adjusted p {p_value(pair.p_adjusted)} ({counted(pair.battles, 'battle')} between them)"
    )


def _sentences(rated: Rated) -> Iterator[str]:
    leader, open_ = rated.systems[0].system, open_to(rated)
    own = [p for p in rated.pairs if p.a == leader and p.p_adjusted == p.p_adjusted]
    if pairs := [p for p in own if p.verdict == "undecided"]:
        more = f" (and {len(pairs) - 1:,} more)" if len(pairs) > 1 else ""
        yield f"Not told apart from {called(pairs[0].b)}{more}: {called(leader)} {evidence(pairs[0])}."
    if pairs := [p for p in own if p.verdict == "a better"]:
        closest = max(pairs, key=lambda p: p.p_adjusted)
        yield f"Stronger than {listed([p.b for p in pairs], 3)}; the closest is {called(closest.b)}: {called(leader)} {evidence(closest)}."
    if wanted := [p for p in own if p.more]:
        least = min(wanted, key=lambda p: p.more or 0)
        more = f"About {counted(least.more or 0, 'more battle')} between {called(leader)} and {called(least.b)}"
        rest = f"; of the {len(open_)} open it is the cheapest" if len(open_) > 1 else ""
        yield f"{more} would probably settle them, if strengths are as they look now{rest}."
    if len(rated.pairs) > 1:
        decided = sum(p.verdict != "undecided" for p in rated.pairs)
        yield f"{counted(len(rated.pairs), 'pair')}: {decided:,} decided, {len(rated.pairs) - decided:,} undecided, with the error held over all of them together."


def _chart(rated: Rated) -> Chart:
    found, bars = standing(rated), []
    for row in rated.systems:
        kind = found.get(row.system)
        word = kind.word.replace("worse", "weaker") if kind else "leader"
        mark = Mark(kind.mark, kind.colour) if kind else Mark()
        bars.append(Bar(row.system, row.points, number(row.win_rate, 2), rank(row), word, mark))
    return Chart(tuple(bars), value="points, 95% interval", count="win rate", rank="rank", decimals=0)


def rank(row: RatedRow) -> str:
    """The interval of its rank, such as `1` or `2 to 4`."""
    low, high = row.rank
    return f"{low}" if low == high else f"{low} to {high}"


def _ratings(rated: Rated, *, brief: bool) -> Section:
    most = SYSTEMS if brief else MOST
    heads, notes = ("points", "log-odds", "win rate"), ("rank", "battles", "wins", "ties")[: 2 if brief else 4]
    rows = [
        Row(
            line(r.system),
            (_cell(r.points, 0), _cell(r.strength, 2), Cell(r.win_rate, decimals=2)),
            notes=(rank(r), f"{r.battles:,}", f"{r.wins:,}", f"{r.ties:,}")[: len(notes)],
        )
        for r in rated.systems[:most]
    ]
    said = [f"{rated.method}."]
    if len(rows) < len(rated.systems):
        said.append(f"Shown: the first {most} of {len(rated.systems):,} systems; --json has them all.")
    caption = (
        "Points: 400 more are ten wins to one; the average system has 1000. Log-odds: the same on another scale. Win rate: "
        "a tie is half a win; it depends on whom one met. Rank: all intervals hold together, 95%"
    )
    made = Table("Ratings", "system", heads, tuple(rows), 2, notes, caption=caption)
    return Section("ratings", "Ratings", tuple(said), (made,), lambda: _plates(rated))


def _plates(rated: Rated) -> tuple[Plate, ...]:
    from heldout.results.pages.figures import ratings

    return ratings.plates(rated, standing(rated))


def _cell(value: Interval, decimals: int) -> Cell:
    return Cell(value.estimate, value.low, value.high, decimals=decimals)


def chosen(rated: Rated) -> tuple[RatedPair, ...]:
    """All pairs, or those among the top and against the leader."""
    if len(rated.systems) <= MANY:
        return rated.pairs
    top = {r.system for r in rated.systems[:TOP]}
    leader = rated.systems[0].system
    among = [p for p in rated.pairs if p.a in top and p.b in top]
    against = [p for p in rated.pairs if leader in (p.a, p.b) and p not in among]
    return tuple(among + against[:AGAINST])


def _section(rated: Rated, *, brief: bool) -> Section:
    shown, rows = chosen(rated), []
    notes = ("adj. p", "verdict", "more", "battles")[: 3 if brief else 4]
    for p in shown:
        kind = UNDECIDED if p.verdict == "undecided" else BETTER
        more = f"{p.more:,}" if p.more else ""
        adjusted = p_value(p.p_adjusted) if p.p_adjusted == p.p_adjusted else "–"
        told = (adjusted, f"{kind.mark} {kind.word}", more, f"{p.battles:,}")[: len(notes)]
        rows.append(Row(f"{line(p.a)}\nvs {line(p.b)}", (_cell(p.probability, 2), _cell(p.difference, 2)), notes=told))
    said = ["The first system against the second: its share of the battles that are no tie; p adjusted for all pairs."]
    if len(shown) < len(rated.pairs):
        rest = counted(len(rated.pairs) - len(shown), "more pair")
        said.append(f"Shown: pairs among the first {TOP} systems, and the leader against others; {rest} in --json.")
    caption = "Battles: between these two. More: further battles between them that would probably settle the pair"
    made = Table("Pair by pair", "pair", ("P(wins)", "log-odds"), tuple(rows), 2, notes, caption=caption)
    return Section("pairs", "Pair by pair", tuple(said), (made,))


def _conditions(rated: Rated) -> Section:
    """Ties, order, and who is linked to whom."""
    said = []
    if rated.ties:
        even = f"; between equals {rated.even:.0%} are to be expected" if rated.even == rated.even else ""
        said.append(f"{rated.ties:.0%} of the battles are ties{even}.")
    if rated.order is not None:
        q, e = rated.order.probability, rated.order.effect
        seen = "nothing that can be seen" if e.low <= 0 <= e.high else "an advantage" if e.low > 0 else "a disadvantage"
        shares = f"of two equals the first wins {number(100 * q.estimate, 1)}% {interval(100 * q.low, 100 * q.high, 1)} of decided battles"
        said.append(f"Coming first brings {seen}: {shares}.")
    else:
        said.append(
            "Whether coming first matters cannot be told: pairs were met one way round only, or were not asked."
        )
    if len(rated.components) == 1:
        said.append("Wins link every system to every other both ways: ratings need no prior.")
    else:
        said.append(
            f"Wins link {counted(len(rated.components), 'group')} of systems both ways, the largest of "
            f"{counted(len(rated.components[0]), 'system')}."
        )
    rules = {rule: order for rule, order in rated.rankings.items() if rule != "Bradley-Terry"}
    said += [f"By {rule} the first are {listed(order[:3], 3)}." for rule, order in rules.items()]
    return Section("conditions", "Ties, order, links", tuple(said))
