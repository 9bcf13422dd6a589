"""What a run looks like while it works."""

import io

from rich.console import Console

import toys
from heldout.core.verdict import Verdict
from heldout.report.progress import Progress, clock_text, picture, watching
from heldout.runner.event import Event


class Clock:
    """Time that a test moves."""

    now = 100.0

    def __call__(self):
        return self.now


def verdicts(*words):
    names = list(toys.study.claims)
    return tuple(Verdict(name, "s", word, n=8) for name, word in zip(names, words, strict=True))


def begun():
    clock, said = Clock(), []
    progress = Progress(toys.study, said.append, clock)
    progress(Event("plan", total=16))
    for batch in ("a", "b"):
        progress(Event("begin", batch, f"{batch} on halves", (0, 1, 2, 3)))
    return progress, clock, said


def test_shares_and_time_left_follow_the_batches():
    progress, clock, said = begun()
    assert progress.left is None
    clock.now += 10
    progress(Event("progress", "a", "a on halves", (0, 1, 2, 3), 0.5))
    assert progress.share == 2 / 16
    assert progress.left == 70
    progress(Event("end", "a", "a on halves", (0, 1, 2, 3), 1.0))
    assert progress.share == 4 / 16
    assert progress.left == 30
    assert progress.finished == 4
    assert list(progress.running) == ["b"]
    assert said == []


def test_time_left_never_exceeds_the_budget():
    progress, clock, _ = begun()
    clock.now += 100
    progress(Event("progress", "a", "a on halves", (0, 1, 2, 3), 0.5))
    assert progress.left == 20  # of the study's two minutes


def test_the_headline_says_claims_look_and_time():
    progress, clock, _ = begun()
    assert progress.headline() == "toys: 0 of 3 claims decided, look 1: 0 of 16 runs, 0:00"
    clock.now += 65
    progress(Event("end", "a", "a on halves", (0, 1, 2, 3), 1.0))
    progress(Event("look", verdicts=verdicts("supported", "undecided", "refuted")))
    assert progress.headline().startswith("toys: 2 of 3 claims decided, look 2: 4 of 16 runs, 1:05, about 0:5")
    assert progress.line().endswith("; b on halves (seeds 0-3) 0%")


def test_decisions_failures_and_notes_are_said_once_and_at_once():
    progress, _, said = begun()
    progress(Event("end", "a", "a on halves", (0, 1, 2, 3), 1.0))
    for _ in range(2):
        progress(Event("look", verdicts=verdicts("supported", "undecided", "undecided")))
    progress(Event("end", "b", "b on halves", (4,), 1.0, "OSError: no net\nwork"))
    progress(Event("note", text="a damaged file"))
    assert said == [
        "supported after 8 seeds: searching beats not moving",
        "failed: b on halves, seed 4: OSError: no net work",
        "a damaged file",
    ]


def test_what_the_store_knew_is_the_reports_to_tell():
    said = []
    progress = Progress(toys.study, said.append)
    progress(Event("look", verdicts=verdicts("supported", "refuted", "void")))
    assert said == []
    assert len(progress.decided) == 3


def test_without_a_terminal_there_is_a_line_every_few_seconds():
    console = Console(file=io.StringIO(), width=60)
    with watching(toys.study, console) as progress:
        progress.clock = clock = Clock()
        progress.begun = progress.since = clock.now
        progress(Event("plan", total=16))
        progress(Event("begin", "a", "a on halves", (0, 1)))
        for _ in range(100):
            clock.now += 0.2
            progress(Event("progress", "a", "a on halves", (0, 1), 0.5))
    lines = console.file.getvalue().splitlines()  # pyright: ignore[reportAttributeAccessIssue]
    assert len(lines) == 4, "one in five seconds, each on a line of its own"
    assert all(line.startswith("toys: 0 of 3 claims decided") for line in lines)


def test_on_a_terminal_there_are_bars_that_go_when_it_ends():
    file = io.StringIO()
    console = Console(file=file, force_terminal=True, width=90, color_system=None)
    with watching(toys.study, console) as progress:
        progress(Event("plan", total=16))
        progress(Event("begin", "a", "a on [b]halves[/b]", (0, 1)))
        progress(Event("progress", "a", "a on [b]halves[/b]", (0, 1), 0.5))
        console.print(picture(progress, 90))
    shown = file.getvalue()
    assert "a on [b]halves[/b]" in shown
    assert "seeds 0-1" in shown
    assert "━" in shown
    assert shown.rstrip().endswith("\x1b[2K") or "\x1b[?25h" in shown, "the cursor is given back"


def test_blocks_of_items_are_not_called_seeds():
    progress = Progress(toys.asked)
    progress(Event("plan", total=1))
    progress(Event("begin", "a", "adder on sums", (50,)))
    assert progress.running["a"].units == "items from 50"


def test_clocks():
    assert [clock_text(s) for s in (0, 7.4, 59.6, 750, 3900)] == ["0:00", "0:07", "1:00", "12:30", "1:05:00"]
