"""Files of separated values: which mark, which encoding, where the header is."""

import csv
import io
from collections.abc import Sequence
from itertools import islice

from heldout.core.errors import HeldoutError
from heldout.results.reading.cells import number


def relation(head: bytes, variable: str, name: str) -> tuple[str, tuple[str, ...]]:
    """How DuckDB is to read the file in a variable: every cell as text; and what to say of it. `head`: its first bytes."""
    text, encoding = _decoded(head)
    lines = text.splitlines()
    skip = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#")), 0)
    body = lines[skip:] if len(head) < 65536 else lines[skip:-1] or lines[skip:]
    mark = _separator("\n".join(body), name)
    if skip and _headed(lines[skip - 1], body[0], mark):
        skip, body = skip - 1, [lines[skip - 1], *body]
    header = next(csv.reader(io.StringIO("\n".join(body)), delimiter=mark), [])
    if len(body) < 2:
        raise HeldoutError(f"{name}: a header and no rows")
    if header and all(number(cell).how == "exact" for cell in header if cell.strip()):
        raise HeldoutError(f"{name}: the first line holds numbers: it must hold the columns' names")
    if len(header) > 1 and header[0].startswith("#"):
        header[0] = header[0].lstrip("# ") or "#"
    columns = ", ".join(f"{_text(column)}: 'VARCHAR'" for column in once(header))
    how = (  # not in parallel: DuckDB could not pad short rows of a file with line breaks inside cells
        f"auto_detect = false, header = true, delim = {_text(mark)}, quote = '\"', escape = '\"', skip = {skip}, "
        f"hive_partitioning = false, encoding = '{encoding}', null_padding = true, parallel = false, columns = {{{columns}}}"
    )
    notes = () if encoding == "utf-8" else ("not UTF-8; read as Latin-1",)
    return f"read_csv(getvariable('{variable}'), {how})", notes


def _headed(line: str, after: str, mark: str) -> bool:
    """Whether a line that begins with # names the columns of the next, which holds numbers, and is no comment."""
    names, cells = (next(csv.reader([text], delimiter=mark), []) for text in (line, after))
    numbers = [sum(number(cell).how not in ("text", "word", "missing") for cell in row) for row in (names, cells)]
    return len(names) == len(cells) and numbers[0] == 0 < numbers[1]


def _decoded(head: bytes) -> tuple[str, str]:
    """The text and its encoding; a character cut off at the end is none that speaks against UTF-8."""
    try:
        return head.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 4:
            return head[: error.start].decode("utf-8-sig"), "utf-8"
        return head.decode("latin-1"), "latin-1"


def _separator(text: str, name: str) -> str:
    """The mark between cells: the one that splits the rows into equally many, and most, cells."""
    best, cells = "", 1
    for mark in (",", "\t", ";", "|"):
        widths = [len(row) for row in islice(csv.reader(io.StringIO(text), delimiter=mark), 50) if row]
        usual = max(set(widths), key=widths.count) if widths else 0
        if widths and widths[0] == usual and widths.count(usual) * 10 >= len(widths) * 8 and usual > cells:
            best, cells = mark, usual
    if best:
        return best
    if len(next(csv.reader(io.StringIO(text)), [])) < 2:
        raise HeldoutError(f"{name}: one column only: a table needs systems and scores, separated by commas or tabs")
    return ","


def once(header: Sequence[str]) -> list[str]:
    """The columns' names, each once: empty ones and those of a name that was there already are numbered."""
    found: list[str] = []
    taken: set[str] = set()
    for index, cell in enumerate(header, 1):
        name = base = cell.strip() or f"column {index}"
        if name.lower() in taken:
            name = f"{base} ({index})"
        taken.add(name.lower())
        found.append(name)
    return found


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
