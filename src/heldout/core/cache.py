"""The user's cache folder."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Where heldout keeps what can be made again (`XDG_CACHE_HOME` is respected)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "heldout"
