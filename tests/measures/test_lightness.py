"""What every run pays before it starts."""

import subprocess
import sys

HEAVY = ("scipy.stats", "jax", "matplotlib", "sklearn")


def test_measuring_and_judging_import_nothing_that_takes_half_a_second():
    script = f"import sys, heldout.measures, heldout.claims; print([m for m in {HEAVY!r} if m in sys.modules])"
    said = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    assert said.stdout.strip() == "[]"
