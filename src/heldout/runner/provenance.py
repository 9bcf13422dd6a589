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
        commit = subprocess.run([*git, "rev-parse", "HEAD"], capture_output=True, text=True, timeout=10)  # noqa: S603
        status = subprocess.run(  # noqa: S603
            [*git, "status", "--porcelain", "--untracked-files=no"], capture_output=True, text=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return "", False
    return commit.stdout.strip(), bool(status.stdout.strip())
