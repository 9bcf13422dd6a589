"""How the documentation is built: study pages from kept evidence, the reference from docstrings, the rest by hand."""

import re
import sys
from pathlib import Path

from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

from heldout import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "heldout"
author = "The heldout developers"
project_copyright = f"2026, {author}"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.apidoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build", "reference/modules.rst"]
html_theme = "furo"
html_title = "heldout"
html_show_sourcelink = False
toc_object_entries = False  # else every page's menu names every function
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_mock_imports = ["lightning", "keras", "stable_baselines3", "xgboost", "transformers", "torch", "pyspiel", "ray"]
autodoc_default_options = {"members": True, "show-inheritance": False}
apidoc_modules = [
    {
        "path": "../src/heldout",
        "destination": "reference",
        "exclude_patterns": ["../src/heldout/cli", "../src/heldout/studies"],
        "separate_modules": False,
        "module_first": True,
        "automodule_options": {"members"},
    }
]
suppress_warnings = ["autodoc.mocked_object", "ref.python"]  # three towers have a Finding, each its own


def _plain(_app: Sphinx, _what: str, _name: str, _thing: object, _options: object, lines: list[str]) -> None:
    """Docstrings are plain text with code in backticks: what else reStructuredText would read into them is escaped."""
    for index, text in enumerate(lines):
        parts = text.split("`")
        lines[index] = "`".join(re.sub(r"([|*])", r"\\\1", p) if i % 2 == 0 else p for i, p in enumerate(parts))


def _exact(_app: Sphinx, tree: object) -> None:
    """Annotations are whole names: looking each up among the endings of all names is most of the time of a build."""
    for node in tree.findall(pending_xref):
        if node.get("refspecific") is False:
            del node["refspecific"]


def setup(app: Sphinx) -> None:
    """Write the pages that come from kept evidence before Sphinx looks for pages."""
    import study_pages

    app.connect("doctree-read", _exact)

    app.connect("autodoc-process-docstring", _plain)
    app.connect("builder-inited", lambda app: study_pages.write(Path(app.srcdir)))
