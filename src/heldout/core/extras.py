"""What pip installs for which part of heldout, read from the package's own metadata."""

import re
from importlib.metadata import PackageNotFoundError, requires

DISTRIBUTIONS = {"sklearn": "scikit-learn", "PIL": "pillow", "yaml": "pyyaml", "cv2": "opencv-python"}
"""Modules whose distribution has another name."""

FOR_DEVELOPERS = ("bench", "callbacks", "dev")
"""Extras that a user is pointed to last."""


def extras() -> dict[str, tuple[str, ...]]:
    """The distributions that each extra adds; those that heldout cannot do without stand under the empty name."""
    try:
        wanted = requires("heldout") or []
    except PackageNotFoundError:  # run from a checkout that was never installed
        wanted = []
    found: dict[str, list[str]] = {"": []}
    for requirement in wanted:
        name = re.split(r"[^\w.-]", requirement, maxsplit=1)[0]
        extra = re.search(r"""extra\s*==\s*['"]([\w-]+)['"]""", requirement)
        found.setdefault(extra[1] if extra else "", []).append(name)
    return {extra: tuple(names) for extra, names in found.items()}


def pip_command(module: str) -> str:
    """The command that installs what a module needs: the extra that has it, else the distribution itself."""
    root = module.partition(".")[0]
    distribution = DISTRIBUTIONS.get(root, root)
    normal = _normal(distribution)
    for extra, names in sorted(extras().items(), key=lambda found: found[0] in FOR_DEVELOPERS):
        if extra and normal in {_normal(n) for n in names}:
            return f"pip install 'heldout[{extra}]'"
    return f"pip install {distribution}"


def missing(what: str, error: ModuleNotFoundError) -> str:
    """One line for an import that failed: what needs which package, and the command that installs it."""
    name = error.name or str(error)
    if name.partition(".")[0] == "heldout":
        return f"{what} imports {name}, which heldout does not have"
    return f"{what} needs the package {name.partition('.')[0]!r}, which is not installed: {pip_command(name)}"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
