"""The example notebooks run from top to bottom, and their values show themselves richly."""

from pathlib import Path

import pytest

nbformat, nbclient = pytest.importorskip("nbformat"), pytest.importorskip("nbclient")

EXAMPLES = Path(__file__).parents[1] / "examples"


def run(name):
    """The HTML of every cell that shows some, after the whole notebook has run."""
    book = nbformat.read(EXAMPLES / f"{name}.ipynb", as_version=4)
    nbclient.NotebookClient(book, timeout=240, resources={"metadata": {"path": str(EXAMPLES)}}).execute()
    outputs = [o for c in book.cells for o in c.get("outputs", ())]
    return [o["data"]["text/html"] for o in outputs if "text/html" in o.get("data", {})]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("clinic", ["its worst split is hospital=E", "risk"]),
        ("loop", ["<b>long on digits, seed 11: 4 records</b>", "▲ supported"]),
        ("comparing", ["srcdoc", "<img src="]),
        ("deciding", ["<ol>", "supported", "srcdoc"]),
    ],
)
def test_a_notebook_runs_and_shows(name, shown):
    found = run(name)
    assert len(found) == len(shown)
    for text, wanted in zip(found, shown, strict=True):
        assert wanted in text


@pytest.mark.filterwarnings("ignore")
def test_the_network_of_pytorch_runs_in_a_notebook():
    pytest.importorskip("torch")
    (found,) = run("cnn")
    assert "loses most along" in found
