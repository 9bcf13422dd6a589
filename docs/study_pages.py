"""One page per study, from `evidence/`; nobody edits them by hand."""

from dataclasses import replace
from pathlib import Path

from heldout.core.discover import Found, about, load, studies
from heldout.evidence import recall
from heldout.report import markdown

INTRODUCTION = """# Studies

Each study checks the headline claim of a paper at a scale that a laptop manages. Its page is written from kept evidence,
`evidence/<slug>.json`, as a run wrote it; `heldout verify SLUG` runs the recorded seeds again and compares.

"""


def write(docs: Path) -> None:
    """Write `studies/<slug>.md` for every study, and their index."""
    folder, evidence = docs / "studies", docs.parent / "evidence"
    folder.mkdir(exist_ok=True)
    found = studies()
    for slug, one in found.items():
        _put(folder / f"{slug}.md", _page(one, evidence / f"{slug}.json"))
    themes = "\n".join(f"- [{one.title or slug}]({slug}.md) ({one.theme})" for slug, one in found.items())
    tree = "\n".join(found)
    _put(folder / "index.md", f"{INTRODUCTION}{themes}\n\n```{{toctree}}\n:hidden:\n\n{tree}\n```\n")


def _page(found: Found, path: Path) -> str:
    if not path.exists():
        return f"# {found.slug}\n\n{found.title}\n\nNot run for the record yet: `heldout run {found.slug} --keep`.\n"
    result = recall(load(found.reference), path)
    return markdown.page(replace(result, about=about(found)))


def _put(path: Path, text: str) -> None:
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
