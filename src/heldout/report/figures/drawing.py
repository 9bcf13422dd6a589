"""A drawn figure and how to keep it as a file of its own."""

import re
from dataclasses import dataclass

from heldout.report.figures.style import variables


@dataclass(frozen=True)
class Drawing:
    """One SVG element whose colours follow the page. `group`: what it is shown with; `width`: its native pixels."""

    name: str
    caption: str
    svg: str
    group: str = ""
    width: float = 220

    @property
    def file(self) -> str:
        """The same as the text of an SVG file, which follows the reader's theme by itself."""
        style = (
            f"<style>:root{{{variables(0)}}}@media (prefers-color-scheme:dark){{:root{{{variables(1)}}}}}"
            "*{stroke-linejoin:round}text{font-family:system-ui,sans-serif!important}</style>"
        )
        opened = re.sub(r"^<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', self.svg, count=1)
        return re.sub(r"^(<svg[^>]*>)", lambda match: match[1] + style, opened, count=1) + "\n"


def name(*parts: object) -> str:
    """A name fit for files and ids: letters, digits and hyphens, a short checksum where something was left out."""
    from zlib import crc32

    whole = "-".join(str(p) for p in parts)
    bare = re.sub(r"[^a-z0-9]+", "-", whole.lower()).strip("-")[:48]
    return bare if bare == whole else f"{bare}-{crc32(whole.encode(errors='replace')) & 0xFFFF:04x}".lstrip("-")
