"""From measures to verdicts: which test suits a claim, what it says so far, and how several claims share one level."""

from heldout.claims.expected import Expected as Expected
from heldout.claims.expected import expected as expected
from heldout.claims.judge import judge as judge
from heldout.claims.least import least as least
from heldout.claims.least import leasts as leasts
from heldout.claims.lock import lock as lock
