"""Other people's text, made safe to show."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_PART = re.compile(r"\n\s*\n|(?<=\.)\n(?=[A-Z])|(?:\n|(?<=\.) )(?=(?:Kept|Changed|Left out|Found): )")
_CODE = re.compile(r"`([^`\n]+)`")
_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_START = re.compile(r"^(?:\d+(?=[.)](?:\s|$))|(?=[-+=]))")


def plain(text: str) -> str:
    """The text without control characters, escape sequences' openings and changes of direction."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", "    "))


def line(text: str) -> str:
    """The text on one line."""
    return _SPACE.sub(" ", plain(text)).strip()


def paragraphs(text: str) -> list[str]:
    """What a study's file says of itself, part by part.

    A line that begins with a sentence after one that ends with one begins a paragraph; so does what is kept, changed, left out or
    found, wherever it stands.
    """
    return [part.strip() for part in _PART.split(plain(text)) if part.strip()]


def spans(text: str) -> Iterator[tuple[bool, str]]:
    """Pieces of a text, and whether each stands between backticks, as code does."""
    for i, piece in enumerate(_CODE.split(text)):
        if piece:
            yield bool(i % 2), piece


def short(text: str, width: int) -> str:
    """One line of at most `width` characters, its middle left out where it is longer."""
    text = line(text)
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return text[: width - 1 - tail] + "…" + (text[-tail:] if tail else "")


def distinct(names: Iterable[str], width: int) -> dict[str, str]:
    """Each name as `short` has it; those that would look the same show where they differ, or are numbered."""
    found = {name: short(name, width) for name in names}
    groups: dict[str, list[str]] = {}
    for name, text in found.items():
        groups.setdefault(text, []).append(name)
    taken = {text for text, mine in groups.items() if len(mine) == 1}
    number = 0
    for group in (mine for mine in groups.values() if len(mine) > 1):
        for name, text in zip(group, _differing([line(n) for n in group], width), strict=True):
            number += 1
            last = f"~{number}"
            found[name] = text if text not in taken else short(name, max(width - len(last), 1)) + last
            taken.add(found[name])
    return found


def _differing(names: Sequence[str], width: int) -> Iterator[str]:
    """Names with what they share cut away on both sides of where they differ, two letters before it kept."""
    start = _alike(names)
    stop = _alike([n[start:][::-1] for n in names])
    start = max(start - 2, 0)
    for name in names:
        core = short(name[start : len(name) - stop], max(width - 4, 1))
        room = max(width - len(core) - 2, 0)
        head, tail = min(start, room - room // 3), min(stop, room // 3)
        before = name[:start] if head >= start else name[:head] + "…"
        yield short(before + core + ("…" if tail < stop else "") + (name[-tail:] if tail else ""), width)


def _alike(names: Sequence[str]) -> int:
    """How many first letters all names share."""
    columns = (len(set(letters)) == 1 for letters in zip(*names, strict=False))
    return sum(1 for _ in takewhile(bool, columns))


def markdown(text: str, code: bool = False) -> str:
    """One line that GitHub's Markdown shows as it is written; `code`: what stands between backticks is shown as code."""
    pieces = spans(line(text)) if code else [(False, line(text))]
    told = "".join(f"`{piece}`" if quoted else _MARKDOWN.sub(r"\\\1", piece) for quoted, piece in pieces)
    return _START.sub(lambda start: start[0] + "\\", told)
