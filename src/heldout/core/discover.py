"""Finding studies: files under `heldout/studies`, other packages' entry points, and paths that a user names."""

import ast
import importlib
import importlib.util
import inspect
import sys
import tokenize
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from heldout.core.errors import HeldoutError, first_line
from heldout.core.extras import missing
from heldout.core.study import Study

GROUP = "heldout.studies"
ROOT = Path(__file__).resolve().parent.parent / "studies"


@dataclass(frozen=True)
class Found:
    """Where a study is: its slug, theme, title (read without importing it) and file or module."""

    slug: str
    theme: str
    title: str
    path: Path | None = None
    module: str | None = None
    attribute: str = "study"

    @property
    def reference(self) -> str:
        """A text that `load` understands in any process."""
        return f"{self.module or self.path}:{self.attribute}"


def studies() -> dict[str, Found]:
    """Every installed study by slug: heldout's own, theme by theme, then those of other packages."""
    found = {f.slug: f for f in map(_own, sorted(ROOT.glob("*/[!_]*.py")))}
    for point in entry_points(group=GROUP):
        theme = point.dist.name if point.dist else ""
        module, _, attribute = point.value.partition(":")
        file = point.dist.locate_file(f"{module.replace('.', '/')}.py") if point.dist else ""
        found.setdefault(
            point.name, Found(point.name, theme, title(Path(str(file))), None, module, attribute or "study")
        )
    return found


def _own(path: Path) -> Found:
    theme = path.parent.name
    return Found(path.stem.replace("_", "-"), theme, title(path), path, f"heldout.studies.{theme}.{path.stem}")


def title(path: Path) -> str:
    """The first line of a file's docstring, read without running the file or parsing the rest of it."""
    return _docstring(path).partition("\n")[0]


def about(found: Found) -> str:
    """What a study's file says of itself below its title: what is kept, what is left out."""
    path = found.path
    if path is None and found.module in sys.modules:
        path = Path(sys.modules[found.module].__file__ or "")
    return inspect.cleandoc(_docstring(path).partition("\n")[2]) if path else ""


def _docstring(path: Path) -> str:
    try:
        with path.open("rb") as file:
            for token in tokenize.tokenize(file.readline):
                if token.type == tokenize.STRING:
                    return str(ast.literal_eval(token.string)).strip()
                if token.type not in (tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE):
                    return ""
    except (SyntaxError, ValueError, OSError, tokenize.TokenError):
        return ""
    return ""


def find(name: str) -> Found:
    """The study that a name means: a slug, a file ending in .py, or a module.

    Each may be followed by `:attribute`, where the study is not called `study`.
    """
    base, _, attribute = name.rpartition(":") if ":" in name else (name, "", "")
    found = _find(base)
    return replace(found, attribute=attribute) if attribute else found


def _find(name: str) -> Found:
    if name.endswith(".py"):
        return _file(name)
    known = studies()
    if name in known:
        return known[name]
    if "." in name and all(part.isidentifier() for part in name.split(".")):
        return Found(name.rpartition(".")[2].replace("_", "-"), "", "", None, name)
    near = get_close_matches(name, known, 3, 0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else "`heldout list` shows all of them"
    raise HeldoutError(f"no study is called {name!r}: {hint}")


def _file(name: str) -> Found:
    path = Path(name).expanduser().resolve()
    if not path.is_file():
        raise HeldoutError(f"no such file: {name}; `heldout new SLUG` writes a study to start from")
    if path.parent.parent == ROOT:  # the same cells, by whatever name it was called
        return _own(path)
    return Found(path.stem.replace("_", "-"), "", title(path), path)


def load(reference: str) -> Study:
    """The study in a module or in a file ending in .py; `reference:name` where it is not called `study`."""
    study = fetch(reference)
    if not isinstance(study, Study):
        raise HeldoutError(f"{reference} is {study!r:.80}, not a study: write `study = Study(...)`")
    return study


def fetch(reference: str) -> object:
    """Whatever stands under a name (`study` if none is given) in a module or in a file ending in .py."""
    where, _, attribute = reference.rpartition(":") if ":" in reference else (reference, "", "study")
    module = _import(where)
    try:
        return getattr(module, attribute)
    except AttributeError:
        own = [n for n, v in vars(module).items() if isinstance(v, Study)] if attribute == "study" else []
        near = own or get_close_matches(attribute, vars(module), 3, 0.5)
        mend = f"there is {', '.join(near)}" if near else "give a name that it has"
        if attribute == "study" and not near:
            mend = "end the file with `study = Study(...)`"
        raise HeldoutError(f"{where} defines no `{attribute}`: {mend}") from None


def _import(where: str) -> ModuleType:
    try:
        return _from_path(Path(where)) if where.endswith(".py") else importlib.import_module(where)
    except HeldoutError as error:
        raise HeldoutError(f"{where}: {error}") from error
    except ModuleNotFoundError as error:
        if error.name and (where == error.name or where.startswith(f"{error.name}.")):
            raise HeldoutError(f"there is no module {error.name!r} to find {where} in: is it installed?") from error
        raise HeldoutError(missing(where, error)) from error
    except (Exception, SystemExit) as error:  # whatever a study file raises is its author's to mend
        message = first_line(error)
        raise HeldoutError(f"{where} raises {type(error).__name__}{_line(error, where)}: {message}") from error


def _from_path(path: Path) -> ModuleType:
    name = f"heldout_user_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if not path.is_file():
        raise HeldoutError("there is no such file")
    if spec is None or spec.loader is None:
        raise HeldoutError("cannot import it: it must be a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses look their module up here
    if (folder := str(path.resolve().parent)) not in sys.path:  # what stands beside the file may be imported any time
        sys.path.insert(0, folder)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def _line(error: BaseException, where: str) -> str:
    """Where in the study's own file an error came up; else in whose file it did."""
    if isinstance(error, SyntaxError):
        return ""  # its message says the line
    frames: list[tuple[Path, int]] = []
    trace = error.__traceback__
    while trace is not None:
        frames.append((Path(trace.tb_frame.f_code.co_filename), trace.tb_lineno))
        trace = trace.tb_next
    stem = Path(where).stem if where.endswith(".py") else where.rpartition(".")[2]
    own = [frame for frame in frames if frame[0].stem == stem]
    file, line = (own or frames or [(Path(where), 0)])[-1]
    return f" at line {line} of {file.name}"
