"""The examples on the page about gaps give what the page says."""

import doctest
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "statistics" / "gaps.md"


def test_the_pages_examples_run():
    tests = doctest.DocTestParser().get_doctest(PAGE.read_text(), {}, "gaps", str(PAGE), 0)
    said: list[str] = []
    assert len(tests.examples) > 10
    failed = doctest.DocTestRunner(verbose=False).run(tests, out=said.append).failed
    assert not failed, "".join(said)
