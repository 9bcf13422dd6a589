"""HTML templates: everything that is put into them is escaped."""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from heldout.core.errors import HeldoutError
from heldout.report.figures.style import variables
from heldout.report.text import plain, spans

if TYPE_CHECKING:
    from jinja2 import Environment, Template
    from markupsafe import Markup

_LEAD = re.compile(r"(Kept|Changed|Left out|Found)(?=: )")


def template(name: str, package: str = "heldout.report") -> "Template":
    """The template of that name in a package; it finds this package's head, macros and style too."""
    return _environment(package).get_template(name)


def ready(package: str = "heldout.report") -> None:
    """Compile every template of a package now rather than for whoever asks first."""
    for name in _environment(package).list_templates(extensions=["html"]):
        template(name, package)


@cache
def _environment(package: str) -> "Environment":
    """What templates of a package share; it keeps those that were compiled."""
    try:
        from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
    except ModuleNotFoundError as error:
        raise HeldoutError("an HTML page needs the package 'jinja2': pip install 'heldout[lab]'") from error
    made = Environment(
        loader=ChoiceLoader([PackageLoader(p) for p in dict.fromkeys((package, "heldout.report"))]),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    made.filters["prose"] = _prose
    made.globals |= {"light": variables(0), "dark": variables(1)}
    return made


def _prose(text: str) -> "Markup":
    """A paragraph of ours or of a study's file: what stands between backticks is code, a leading word with a colon is bold."""
    from markupsafe import Markup

    lead = _LEAD.match(text)
    code, bold = Markup("<code>{}</code>"), Markup("<b>{}</b>")
    pieces = [
        (code if quoted else Markup("{}")).format(plain(t)) for quoted, t in spans(text[lead.end() if lead else 0 :])
    ]
    return Markup("").join([bold.format(lead[1]), *pieces] if lead else pieces)


def _clean(value: Any) -> Any:
    """Text without control characters; markup of our own is left as it is."""
    return plain(value) if type(value) is str else value
