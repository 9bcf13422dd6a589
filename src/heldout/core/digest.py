"""A canonical description of a spec, and its sha256."""

import hashlib
import inspect
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from heldout.core.errors import HeldoutError


@lru_cache(maxsize=4096)
def _hashable_digest(spec: Any) -> str:
    return _sha(describe(spec))


def digest(spec: Any) -> str:
    """The first 16 hexadecimal digits of the sha256 of the description: equal for equal specs, in every process."""
    try:
        return _hashable_digest(spec)
    except TypeError:  # unhashable fields, such as dictionaries
        return _sha(describe(spec))


def _sha(description: Any) -> str:
    text = json.dumps(description, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def describe(spec: Any) -> Any:  # noqa: PLR0911
    """The spec as JSON values: classes by name and `version`, other people's code by the sha256 of its file."""
    if spec is None or isinstance(spec, str):
        return spec
    if isinstance(spec, np.bool_ | np.integer | np.floating):
        spec = spec.item()
    if isinstance(spec, bool | int | float):  # equal numbers have equal digests, as 1 == 1.0 == True have equal hashes
        whole = isinstance(spec, int) or spec.is_integer()
        return int(spec) if whole else {"float": repr(float(spec))}
    if isinstance(spec, Enum):
        return {"enum": _name(type(spec)), "value": spec.name}
    if isinstance(spec, np.ndarray | np.generic):
        return _describe_array(np.asarray(spec))
    if isinstance(spec, Mapping):
        pairs = [[describe(k), describe(v)] for k, v in sorted(spec.items(), key=lambda kv: (str(kv[0]), repr(kv[0])))]
        return {"map": pairs}
    if isinstance(spec, tuple | list):
        return [describe(v) for v in spec]
    if isinstance(spec, frozenset | set):
        return {"set": sorted(json.dumps(describe(v), sort_keys=True) for v in spec)}
    if isinstance(spec, Path):
        return {"file": _content(spec)}
    try:
        return _known_object(spec, getattr(spec, "version", None))
    except TypeError:  # unhashable fields, such as dictionaries
        return _describe_object(spec)


def _describe_array(array: np.ndarray) -> Any:
    if array.dtype.hasobject:
        raise HeldoutError(
            f"cannot take the digest of an array of Python objects ({array.dtype}): give it plain numbers"
        )
    data = np.ascontiguousarray(array).tobytes()
    return {"array": hashlib.sha256(data).hexdigest(), "dtype": str(array.dtype), "shape": list(array.shape)}


def _content(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise HeldoutError(f"cannot take the digest of the file {path}: {error.strerror or error}") from error


@lru_cache(maxsize=4096)
def _known_object(spec: Any, _version: Any) -> Any:
    """As `_describe_object`; the grid of a study asks for the same tasks and learners again and again."""
    return _describe_object(spec)


def _describe_object(spec: Any) -> Any:
    if isinstance(spec, type) or inspect.isroutine(spec):
        return {"name": _name(spec)} | _source(spec) | _own(spec)
    if is_dataclass(spec):
        kind = type(spec)
        own = {"class": _name(kind), "version": getattr(kind, "version", None)} | _source(kind)
        return own | {"fields": {f.name: describe(getattr(spec, f.name)) for f in fields(spec) if f.compare}}
    if hasattr(type(spec), "__match_args__"):
        names = type(spec).__match_args__
        return {"class": _name(type(spec)), "fields": {n: describe(getattr(spec, n)) for n in names}}
    if hasattr(spec, "get_params"):  # a scikit-learn estimator: constructor arguments are all it is before fitting
        return {"class": _name(type(spec)), "params": describe(spec.get_params(deep=False))} | _source(type(spec))
    raise HeldoutError(
        f"cannot take the digest of {spec!r} ({_name(type(spec))}): make it a frozen dataclass of plain data"
    )


def _name(thing: Any) -> str:
    return f"{thing.__module__}.{thing.__qualname__}"


def _own(routine: Any) -> dict[str, Any]:
    """What tells a routine from others of its name: the object of a method, the code and variables of a local function."""
    if inspect.ismethod(routine):
        return {"of": describe(routine.__self__)}
    code = getattr(routine, "__code__", None)
    if code is None or "<" not in getattr(routine, "__qualname__", ""):
        return {}
    inside = [cell.cell_contents for cell in routine.__closure__ or ()]
    defaults = [*(routine.__defaults__ or ()), *(routine.__kwdefaults__ or {}).items()]
    constants = [c for c in code.co_consts if not inspect.iscode(c)]
    made = [code.co_code.hex(), list(code.co_names), [repr(c) for c in constants]]
    return {"code": made, "closure": describe(inside), "defaults": describe(defaults)}


def _source(thing: Any) -> dict[str, str]:
    """The sha256 of the source file, for code that heldout does not version itself."""
    module = getattr(thing, "__module__", None) or ""
    if module.split(".")[0] in {"heldout", "builtins", "numpy", "jax", "equinox", "optax", "scipy", "sklearn"}:
        return {}
    try:
        path = inspect.getsourcefile(thing)
    except TypeError:
        return {}
    if path is None or not Path(path).exists():
        return {}
    return {"source": _file_sha(path, Path(path).stat().st_mtime_ns)}


@lru_cache(maxsize=1024)
def _file_sha(path: str, _modified: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()
