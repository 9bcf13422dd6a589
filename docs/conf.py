"""How the documentation is built: study pages from kept evidence, the reference from docstrings, the rest by hand."""

import sys
from pathlib import Path

from sphinx.application import Sphinx

from heldout import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "heldout"
author = "The heldout developers"
project_copyright = f"2026, {author}"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.apidoc", "sphinx.ext.viewcode"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "heldout"
html_show_sourcelink = False
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
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
suppress_warnings = ["autodoc.mocked_object"]


def setup(app: Sphinx) -> None:
    """Write the pages that come from kept evidence before Sphinx looks for pages."""
    import study_pages

    app.connect("builder-inited", lambda app: study_pages.write(Path(app.srcdir)))
