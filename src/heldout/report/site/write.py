"""A site as files: no server, works from a folder."""

from pathlib import Path

from heldout.report.site.pages import addresses, render
from heldout.report.site.shelf import Shelf
from heldout.store import files

LIBRARY = "plotly.min.js"


def write(shelf: Shelf, folder: Path) -> list[Path]:
    """Write every page, and the library of the interactive figures where Plotly is installed; those that differ only."""
    pages = {address: render(shelf, address) or "" for address in addresses(shelf)}
    with files.explained(folder):
        for address, text in pages.items():
            _put(folder / address, text)
        source = library()
        if source is not None and not (folder / LIBRARY).exists():
            _put(folder / LIBRARY, source.read_text(encoding="utf-8"))
    return [folder / address for address in pages]


def library() -> Path | None:
    """Where Plotly's JavaScript is inside its package, None where it is not installed."""
    from importlib.util import find_spec

    found = find_spec("plotly")
    path = Path(found.origin).parent / "package_data" / LIBRARY if found and found.origin else None
    return path if path and path.is_file() else None


def _put(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        files.write_text(path, text)
