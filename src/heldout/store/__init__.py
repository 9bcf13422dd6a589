"""Where finished work is kept: a folder of immutable Parquet files, read through DuckDB. Needs NumPy and DuckDB only."""

from heldout.store.finished import Finished as Finished
from heldout.store.store import Store as Store
from heldout.store.store import exists as exists
from heldout.store.store import open_store as open_store
