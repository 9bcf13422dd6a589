"""Functions of records: one number per unit."""

from heldout.measures.evaluation import evaluate as evaluate
from heldout.measures.rows import Rows as Rows
from heldout.measures.table import table as table
