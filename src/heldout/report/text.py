"""Other people's text, made safe to show."""

import re

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~&$])")
_START = re.compile(r"^(?:\d+(?=[.)](?:\s|$))|(?=[-+=]))")


def plain(text: str) -> str:
    """The text without control characters, escape sequences' openings and changes of direction."""
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\t", "    "))


def line(text: str) -> str:
    """The text on one line."""
    return _SPACE.sub(" ", plain(text)).strip()


def short(text: str, width: int) -> str:
    """One line of at most `width` characters, its middle left out where it is longer."""
    text = line(text)
    if len(text) <= width:
        return text
    tail = (width - 1) // 3
    return text[: width - 1 - tail] + "…" + (text[-tail:] if tail else "")


def markdown(text: str) -> str:
    """One line that GitHub's Markdown shows as it is written."""
    return _START.sub(lambda start: start[0] + "\\", _MARKDOWN.sub(r"\\\1", line(text)))
