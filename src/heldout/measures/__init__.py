"""Functions of records: one number per unit."""

from heldout.measures.evaluation import evaluate as evaluate
from heldout.measures.rows import Rows as Rows
from heldout.measures.table import gap_rows as gap_rows
from heldout.measures.table import score_rows as score_rows
