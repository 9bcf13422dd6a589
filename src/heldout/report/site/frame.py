"""What stands round every page of a site: the bar, the script, and what the page is allowed to load."""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any

BAR = (("index.html", "Studies"), ("papers.html", "Papers"), ("tasks.html", "Tasks"), ("learners.html", "Learners"))
"""The pages that every page leads to."""


@dataclass(frozen=True)
class Frame:
    """The surroundings of one page.

    `root`: the way from the page to the site's folder, such as `../`. `here`: the address of the bar's entry it belongs to.
    `links`: (kind, name) of tasks and learners to the addresses of their pages. `data`: what the script is given.
    `live`: whether the page is served, and may ask for events. `several`: whether there are comparisons to lead to.
    `others`: names and addresses of the sites of all stores, this one's address among them.
    """

    root: str = ""
    here: str = ""
    links: Mapping[tuple[str, str], str] = field(default_factory=dict)
    data: Mapping[str, Any] = field(default_factory=dict)
    live: bool = False
    several: bool = False
    others: tuple[tuple[str, str], ...] = ()

    @property
    def bar(self) -> tuple[tuple[str, str], ...]:
        """Addresses and words of the bar."""
        return (*BAR, ("comparisons.html", "Comparisons")) if self.several else BAR

    @property
    def json(self) -> str:
        """The data as text that cannot end a script element."""
        return json.dumps(dict(self.data), allow_nan=False).replace("<", "\\u003c")

    @property
    def script(self) -> str:
        """The one script of the site."""
        return script()

    @property
    def policy(self) -> str:
        """Nothing but this very script, the figures' library beside the pages, and (live) the site's own events."""
        mark = base64.b64encode(hashlib.sha256(self.script.encode()).digest()).decode()
        connect = "'self'" if self.live else "'none'"
        return (
            f"default-src 'none'; script-src 'sha256-{mark}' 'self' file:; style-src 'unsafe-inline'; "
            f"img-src data: blob:; connect-src {connect}; form-action 'self' file:; base-uri 'none'"
        )

    def link(self, kind: str, name: str) -> str:
        """The address of the page of a task or learner of this page's study; empty where there is none."""
        found = self.links.get((kind, name), "")
        return self.root + found if found else ""


@lru_cache(maxsize=1)
def script() -> str:
    """The text of `site.js`."""
    return files("heldout.report").joinpath("templates/site.js").read_text(encoding="utf-8")
