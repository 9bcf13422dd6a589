"""What a page loads: the command must answer within a second."""

import subprocess
import sys

HEAVY = ("matplotlib", "jinja2", "scipy", "duckdb", "jax", "pandas", "PIL")


def loaded(module: str, *also: str) -> set[str]:
    told = f"import sys, heldout.results.pages.{module}; print(*(m for m in {(*HEAVY, *also)} if m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_json_needs_nothing_but_numpy() -> None:
    assert loaded("json", "rich", "heldout.report.table") == set()


def test_the_terminal_needs_only_rich() -> None:
    assert loaded("terminal") == set()


def test_markdown_needs_no_figures() -> None:
    assert loaded("markdown") == set()
