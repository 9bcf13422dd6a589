"""Studies of one's own, in files that are not installed, on sites and in the live view."""

from heldout.core.discover import Found
from heldout.viewer.running import Runs

STUDY = """
from heldout import Budget, Paper, Probe, Study, score
from heldout.learners.as_is import AsIs
from heldout.probes.score import score as asked
from heldout.tasks.language.sums import Sums

sums, exact = Sums(iid=3, digits=(6,)), AsIs("heldout.models.adder:exact")
study = Study(
    paper=Paper("own-sums", title="Sums of my own"),
    tasks=(sums,),
    learners=(exact,),
    claims={"it adds": score(sums, exact, "digits") > 0.9},
    probes=(Probe(asked, items=True),),
    budget=Budget(items=100, minutes=1),
)
"""


def test_a_site_has_studies_whose_files_are_named_and_tells_of_others(heldout, tmp_path):
    (tmp_path / "mine.py").write_text(STUDY)
    assert heldout("run", "mine.py", "--no-page").code == 0
    (tmp_path / "none").mkdir()
    options = ("report", "--site", "s", "--no-samples", "--evidence", "none")
    said = heldout(*options)
    assert "own-sums is left out: it is not installed; name its file with --study" in said.err
    assert not (tmp_path / "s" / "studies" / "own-sums.html").exists()
    assert heldout(*options, "--study", "mine.py").code == 0
    page = (tmp_path / "s" / "studies" / "own-sums.html").read_text()
    assert "Sums of my own" in page
    assert " UTC</dd>" in page
    assert "no store at elsewhere" in heldout(*options, "--store", "elsewhere").err


def test_the_live_view_runs_a_file_by_its_path(tmp_path, monkeypatch):
    started = []
    monkeypatch.setattr("heldout.viewer.running.subprocess.Popen", lambda command, **_: started.append(command))
    found = Found("own-sums", "", "", tmp_path / "mine.py")
    runs = Runs(tmp_path / "store", {"own-sums": found.reference})
    runs.start("own-sums")
    runs.known["own-sums"].said.close()
    assert started[0][started[0].index("run") + 1] == f"{tmp_path / 'mine.py'}:study"
