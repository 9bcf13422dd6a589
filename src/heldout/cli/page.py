"""The HTML page of a result, written only when it would differ from the one that is there."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import heldout
from heldout.cli.output import plain, shown

if TYPE_CHECKING:
    from heldout.core.result import Result


def write_page(result: "Result", path: Path) -> "Result":
    """Write the page and say in the result where it is; drawing its figures takes a second or more."""
    mark = f"<!-- {_mark(result)} -->\n"
    result = replace(result, page=shown(path))
    if not _ends_with(path, mark):
        from heldout.report.html import page
        from heldout.store import files

        with files.explained(path.parent):
            files.write_text(path, page(result) + mark)
    return result


def _mark(result: "Result") -> str:
    """The sha256 of all that the page shows but the cost of this very call, and of the code that draws it."""
    same = replace(result, seconds=0.0, cells_run=0, cells_reused=0, page="")
    told = [heldout.__version__, plain({**vars(same), "study": result.study.paper})]
    made = hashlib.sha256(json.dumps(told, sort_keys=True).encode())
    for file in sorted((Path(heldout.__file__).parent / "report").rglob("*.[phc][yts]*")):
        if file.suffix != ".pyc":
            made.update(file.read_bytes())
    return made.hexdigest()


def _ends_with(path: Path, mark: str) -> bool:
    try:
        with path.open("rb") as file:
            file.seek(-len(mark), 2)
            return file.read() == mark.encode()
    except OSError:
        return False
