"""Finding studies: files under `heldout/studies`, other packages' entry points, and paths that a user names."""

import ast
import importlib
import importlib.util
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path

from heldout.core.errors import HeldoutError
from heldout.core.study import Study

GROUP = "heldout.studies"


@dataclass(frozen=True)
class Found:
    """Where a study is: its slug, theme, title (read without importing it) and file or module."""

    slug: str
    theme: str
    title: str
    path: Path | None = None
    module: str | None = None

    @property
    def reference(self) -> str:
        """A text that `load` understands in any process."""
        return self.module or str(self.path)


def studies() -> dict[str, Found]:
    """Every installed study by slug."""
    root = Path(__file__).parent.parent / "studies"
    found: dict[str, Found] = {}
    for path in sorted(root.glob("*/*.py")):
        if not path.stem.startswith("_"):
            slug = path.stem.replace("_", "-")
            module = f"heldout.studies.{path.parent.name}.{path.stem}"
            found[slug] = Found(slug, path.parent.name, title(path), path, module)
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, Found(point.name, point.dist.name if point.dist else "", "", None, point.value))
    return found


def title(path: Path) -> str:
    """The first line of a file's docstring, read without running it."""
    try:
        document = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    except (SyntaxError, OSError, UnicodeDecodeError):
        return ""
    return (document or "").split("\n")[0]


def find(name: str) -> Found:
    """The study of that slug, or in that file."""
    if name.endswith(".py"):
        path = Path(name).expanduser().resolve()
        if not path.is_file():
            raise HeldoutError(f"no such file: {name}; `heldout new SLUG` writes a study to start from")
        return Found(path.stem.replace("_", "-"), "", title(path), path)
    known = studies()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 3, 0.4)
    hint = f"did you mean {' or '.join(near)}?" if near else "`heldout list` shows all of them"
    raise HeldoutError(f"no study is called {name!r}: {hint}")


def load(reference: str, attribute: str = "study") -> Study:
    """The study in a module (`package.module` or `package.module:name`) or in a file ending in .py."""
    if not reference.endswith(".py"):
        module_name, _, name = reference.partition(":")
        attribute = name or attribute
    try:
        module = _from_path(reference) if reference.endswith(".py") else importlib.import_module(module_name)
    except HeldoutError as error:
        raise HeldoutError(f"{reference}: {error}") from error
    except ModuleNotFoundError as error:
        raise HeldoutError(_missing(reference, error)) from error
    except Exception as error:  # noqa: BLE001 - whatever a study file raises is its author's to mend
        raise HeldoutError(f"{reference} raises {type(error).__name__}{_line(error)}: {error}") from error
    study = getattr(module, attribute, None)
    if not isinstance(study, Study):
        raise HeldoutError(f"{reference} defines no `{attribute}`: end the file with `study = Study(...)`")
    return study


def _from_path(reference: str) -> object:
    path = Path(reference)
    name = f"heldout_user_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise HeldoutError(f"cannot import {reference}: it must be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, str(path.parent))
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path.remove(str(path.parent))
    return module


def _missing(reference: str, error: ModuleNotFoundError) -> str:
    root = (error.name or "").split(".")[0]
    lab = {"jax", "equinox", "optax", "sklearn", "mlxtend", "matplotlib", "jinja2", "safetensors", "jaxtyping", "PIL"}
    mend = "pip install 'heldout[lab]'" if root in lab else f"pip install {root}"
    return f"{reference} needs the package {root!r}, which is not installed: {mend}"


def _line(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f" at line {trace.tb_lineno} of {Path(trace.tb_frame.f_code.co_filename).name}" if trace else ""
