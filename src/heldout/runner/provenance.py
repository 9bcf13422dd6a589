"""Where, when and with what a batch was run."""

import platform
import subprocess
import sys
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import heldout

PACKAGES = ("jax", "jaxlib", "equinox", "optax", "numpy", "scipy", "scikit-learn", "duckdb")


@lru_cache(maxsize=1)
def _facts() -> tuple[tuple[str, str | bool], ...]:
    commit, dirty = _commit()
    packages = [f"heldout {heldout.__version__}", f"python {platform.python_version()}"]
    packages += [f"{name} {found}" for name in PACKAGES if (found := _version(name))]
    return (
        ("host", platform.node()),
        ("device", f"{platform.system()} {platform.machine()} cpu"),
        ("commit", commit),
        ("dirty", dirty),
        ("packages", ", ".join(packages)),
        ("command", " ".join(["heldout", *sys.argv[1:]]) if sys.argv[0].endswith("heldout") else "python"),
    )


def provenance() -> dict[str, str | bool]:
    """Host, device, commit and whether the tree was dirty, package versions, command; constant within a process."""
    return dict(_facts())


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _commit() -> tuple[str, bool]:
    """The commit of heldout's own checkout; empty for an installed wheel."""
    root = Path(heldout.__file__).resolve().parent.parent.parent
    if not (root / ".git").exists():
        return "", False
    git = ["git", "-C", str(root)]
    try:
        commit, status = (
            subprocess.run([*git, *words], check=False, capture_output=True, text=True, timeout=10).stdout.strip()  # noqa: S603
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--untracked-files=no", "--", "src"])
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", False
    return commit, bool(status)
