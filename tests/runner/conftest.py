import sys
from pathlib import Path

import pytest

from heldout.store import Store, open_store

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(tmp_path / "store")
