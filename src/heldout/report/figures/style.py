"""The one style of every figure: colours that the colour-blind can tell apart, in a light and a dark shade each."""

SHADES: dict[str, tuple[str, str]] = {
    "ink": ("#1c2126", "#e7eaee"),
    "soft": ("#59636e", "#a4afbb"),
    "grid": ("#d5dae0", "#363d46"),
    "paper": ("#fffefd", "#171b20"),
    "c1": ("#0072b2", "#58b4ea"),
    "c2": ("#c8550a", "#ff9650"),
    "c3": ("#00805e", "#3ccfa4"),
    "c4": ("#a8467f", "#ec9bc9"),
    "c5": ("#8a6a00", "#edc54e"),
    "c6": ("#3a62c8", "#9fb6ff"),
    "c7": ("#5b656f", "#c3ccd6"),
    "supported": ("#0b62a4", "#6fbcff"),
    "refuted": ("#b04a05", "#ffa066"),
    "undecided": ("#7d3f98", "#d9a7ec"),
    "void": ("#3f6570", "#9cc7d3"),
}
"""After Okabe and Ito (2008), each shade at least 3:1 on its ground as a line, verdicts and ink 4.5:1 as text."""

MARKERS = ("o", "s", "^", "D", "v", "P", "X")
DASHES = ("-", (0, (5, 1.6)), (0, (1.4, 1.4)), (0, (6, 1.6, 1.4, 1.6)))
SIZE = 11.5
"""Points per em of figure text; one point is one CSS pixel at a figure's native width."""


def light(name: str) -> str:
    """The shade that Matplotlib draws with."""
    return SHADES[name][0]


def learner(index: int) -> tuple[str, str, str | tuple[int, tuple[float, ...]]]:
    """Colour name, marker and dash of the learner at that place: seven by colour, then by dash as well."""
    return f"c{index % 7 + 1}", MARKERS[index % 7], DASHES[index // 7 % len(DASHES)]


def variables(theme: int) -> str:
    """The colours as CSS declarations; theme 0 is light, 1 dark."""
    return "".join(f"--{name}:{shades[theme]};" for name, shades in SHADES.items())
