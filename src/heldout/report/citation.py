"""Citations of a study's paper and of the papers behind what it uses."""

import re
from dataclasses import replace

from heldout.core.study import Paper, Study
from heldout.report.text import line

_SPECIAL = re.compile(r"[&%$#_]")
_BRACES = re.compile(r"[{}\\]")


def papers(study: Study) -> tuple[Paper, ...]:
    """The study's paper, then each paper that one of its tasks or learners names as its `paper`, once."""
    used = [getattr(thing, "paper", None) for thing in (*study.tasks, *study.learners)]
    found = [study.paper, *(p for p in used if isinstance(p, Paper))]
    return tuple({p.slug: p for p in reversed(found)}[slug] for slug in dict.fromkeys(p.slug for p in found))


def citation(paper: Paper) -> str:
    """One line: authors (year). Title. arXiv."""
    who = line(paper.authors)
    year = f"({paper.year})" if paper.year else ""
    said = [" ".join(t for t in (who, year) if t), line(paper.title) or paper.slug]
    said += [f"arXiv:{line(paper.arxiv)}"] if paper.arxiv else []
    return " ".join(t if t.endswith((".", "?", "!")) else f"{t}." for t in said if t)


def bibtex(paper: Paper) -> str:
    """The paper as a BibTeX entry whose key is its slug."""
    fields = {
        "title": f"{{{_bare(paper.title)}}}" if paper.title else "",
        "author": _bare(" and ".join(_authors(paper.authors))),
        "year": str(paper.year or ""),
        "eprint": _bare(paper.arxiv),
        "archiveprefix": "arXiv" if paper.arxiv else "",
    }
    lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
    key = re.sub(r"[^A-Za-z0-9:_-]+", "-", paper.slug) or "paper"
    return "\n".join([f"@{'article' if paper.arxiv else 'misc'}{{{key},", *lines, "}"])


def bibliography(study: Study) -> str:
    """BibTeX entries of every paper that the study stands on."""
    return "\n\n".join(bibtex(replace(p, slug=p.slug or "paper")) for p in papers(study))


def _authors(text: str) -> list[str]:
    """Names apart: `A and B`, `A, B, and C`, `A, B et al.`; a name written `Family, Given and ...` is left alone."""
    text = line(text)
    chunks = re.split(r"\s+and\s+", text)
    if len(chunks) > 1 and all(c.count(",") == 1 for c in chunks):
        return chunks
    names = [n.strip() for n in re.split(r",\s*and\s+|,\s*|\s+and\s+|\s*;\s*", text) if n.strip()]
    return [n for name in names for n in _et_al(name)]


def _et_al(name: str) -> list[str]:
    match = re.fullmatch(r"(.*?)\s*\bet al\.?", name)
    return [n for n in (match[1], "others") if n] if match else [name]


def _bare(text: str) -> str:
    return _SPECIAL.sub(lambda m: f"\\{m[0]}", _BRACES.sub("", line(text)))
