"""What a result cost, as pairs of a name and a text."""

from datetime import UTC, datetime

from heldout.core.result import Result
from heldout.report.number import counted, duration


def cost(result: Result) -> tuple[tuple[str, str], ...]:
    """Time, cells, and what went wrong, in the order in which reports print them."""
    pairs = [
        (
            "time",
            (f"{duration(result.seconds)} now, " if result.seconds else "")
            + f"{duration(result.cpu_seconds)} of CPU behind all of it",
        ),
        ("cells", f"{result.cells_run:,} run, {result.cells_reused:,} reused"),
        ("runs", f"{result.diverged:,} diverged (scored as the task's worst), {result.failed:,} failed"),
    ]
    if result.revisions:
        pairs.append(("claims", f"changed {counted(result.revisions, 'time')} after a first run"))
    pairs += [("warning", w) for w in result.warnings]
    return tuple(pairs)


def provenance(result: Result) -> tuple[tuple[str, str], ...]:
    """Where the numbers come from, as reports print it: what is known, times as dates."""
    return tuple(
        (name, _dated(str(value)) if name == "started" else str(value))
        for name, value in result.provenance.items()
        if str(value)
    )


def _dated(seconds: str) -> str:
    try:
        return datetime.fromtimestamp(float(seconds), UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (ValueError, OverflowError, OSError):
        return seconds
