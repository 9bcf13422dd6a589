"""A browser that minds what no page may do: speak in the console, fail, or ask any other host for anything."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
needed = pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium")


@dataclass
class Minded:
    """A tab and what went wrong in it."""

    page: Any
    own: str
    wrong: list[str] = field(default_factory=list)

    def see(self) -> None:
        """Fail with all that was said or asked for."""
        assert not self.wrong, self.wrong


@contextmanager
def tab(own: str, width: int = 1200, theme: str = "light") -> Iterator[Minded]:
    """A tab of a browser; `own`: what every address that it asks for begins with."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=theme, accept_downloads=True)
        made = Minded(page, own)
        page.on("console", lambda m: made.wrong.append(f"{m.type}: {m.text}"))
        page.on("pageerror", lambda e: made.wrong.append(f"error: {e}"))
        page.on("dialog", lambda d: (made.wrong.append(f"dialog: {d.message}"), d.dismiss()))
        page.on(
            "request",
            lambda r: None if r.url.startswith((own, "data:", "blob:")) else made.wrong.append(f"asks for {r.url}"),
        )
        try:
            yield made
        finally:
            browser.close()
