"""The live site: who may read, who may act, and a study from its start to its verdict in a browser."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

import pytest
from starlette.testclient import TestClient

import toys
from browser import needed, tab
from heldout.core.discover import Found
from heldout.lab import Options, conduct, progress, recall
from heldout.report.site.shelf import Shelf
from heldout.store import open_store
from heldout.viewer import live as viewed
from heldout.viewer import serve as serving
from heldout.viewer.app import Once, application
from heldout.viewer.gather import Sources, gathered
from heldout.viewer.live import Live
from heldout.viewer.running import Run, Runs

TOKEN = "a-token"  # noqa: S105 - of a site that the tests make


def lives(folder, evidence=None):
    store = open_store(folder)
    known = {"toys": Found("toys", "", "Toys", None, "toys")}
    sources = Sources((store,), evidence, None, known)
    shelf = Shelf(gathered(sources), known, live=True)
    return {"store": Live(store, sources, shelf, Runs(folder))}


def fresh(folder, known=None):
    """A site of which nothing was read yet."""
    store, known = open_store(folder), known or {"toys": Found("toys", "", "Toys", None, "toys")}
    return Live(store, Sources((store,), None, None, known), Shelf({}, known, live=True), Runs(folder))


@pytest.fixture(autouse=True)
def patient(monkeypatch):
    """Pages that wait for what they show, however busy the machine is."""
    monkeypatch.setattr(viewed, "READING", 60.0)
    monkeypatch.setattr(viewed, "MAKING", 120.0)


@pytest.fixture
def client(tmp_path):
    with TestClient(application(lives(tmp_path / "store"), TOKEN, 7), base_url="http://127.0.0.1:7") as made:
        yield made


def test_anyone_here_may_read_but_no_other_name_of_this_machine(client):
    assert client.get("/", follow_redirects=True).status_code == 200
    assert client.get("/store/papers.html").status_code == 200
    assert client.get("/store/nothing.html").status_code == 404
    assert client.get("/other/index.html").status_code == 404
    assert client.get("/store/../../etc/passwd").status_code == 404
    assert client.get("/store/index.html", headers={"host": "evil.example"}).status_code == 400


def test_only_who_has_the_token_and_comes_from_here_may_act(client):
    start = "/store/runs/nothing/start"
    assert client.post(start).status_code == 403
    client.get("/?token=wrong")
    assert client.post(start).status_code == 403
    answer = client.get(f"/?token={TOKEN}", follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert client.post(start).status_code == 404  # allowed, and no study is called so
    assert client.post(start, headers={"origin": "http://evil.example"}).status_code == 403
    assert client.post(start, headers={"origin": "http://127.0.0.1:8"}).status_code == 403
    assert client.post(start, headers={"origin": "http://127.0.0.1:7"}).status_code == 404
    assert client.get(start).status_code in (404, 405)
    assert client.post("/store/runs/toys/stop").status_code == 409


def test_a_page_is_read_again_when_the_store_has_more(tmp_path):
    live = lives(tmp_path / "store")["store"]
    before = live.page("studies/toys.html")
    assert "nothing was run" in before
    assert live.page("studies/toys.html") is before
    conduct(toys.study, live.store, Options(workers=1))
    after = live.page("studies/toys.html")
    assert after != before
    assert "supported" in live.page("index.html")
    assert live.state("studies/toys.html")["done"] == live.state("studies/toys.html")["planned"] > 0


def test_studies_are_gathered_while_pages_are_served_already(tmp_path):
    store = open_store(tmp_path / "store")
    conduct(toys.study, store, Options(workers=1))
    known = {"toys": Found("toys", "", "Toys", None, "toys"), "gone": Found("gone", "", "Gone", None, "toys:nothing")}
    live = Live(store, Sources((store,), tmp_path, None, known), Shelf({}, known, live=True), Runs(tmp_path / "store"))
    (tmp_path / "gone.json").write_text("{}")
    before = live.state("papers.html")["version"]
    assert "not run yet" in live.page("papers.html")
    said = []
    live.gather(said.append)
    assert list(live.shelf.results) == ["toys"]
    assert "supported" in live.page("index.html")
    assert live.state("papers.html")["version"] != before  # so that open lists are shown anew
    assert len(said) == 1
    assert said[0].startswith("warning: gone is left out")


@pytest.fixture
def slow(patient, monkeypatch):
    """Reading that takes as long as the test wants."""
    held, read = threading.Event(), viewed.result_of

    def waits(*given):
        held.wait(60)
        return read(*given)

    monkeypatch.setattr(viewed, "result_of", waits)
    yield held
    held.set()


def test_nobody_waits_for_the_store_to_be_read(tmp_path, slow, monkeypatch):
    monkeypatch.setattr(viewed, "READING", 0.05)
    conduct(toys.study, open_store(tmp_path / "store"), Options(workers=1))
    live = fresh(tmp_path / "store")
    began = time.monotonic()
    first = live.page("studies/toys.html")
    assert time.monotonic() - began < 20  # and not the minute that reading takes
    assert "<h1>Toys</h1>" in first
    assert "being read" in first
    assert 'http-equiv="refresh"' in first
    assert "not run yet" in live.page("papers.html")
    assert "being read" in live.page("tasks/any.html")
    slow.set()
    live.gather()
    assert "supported" in live.page("studies/toys.html")
    assert "supported" in live.page("papers.html")
    assert live.page("tasks/any.html") is None


def test_a_page_is_shown_as_it_was_while_the_store_is_read_again(tmp_path, slow, monkeypatch):
    slow.set()
    live = lives(tmp_path / "store")["store"]
    before = live.page("studies/toys.html")
    slow.clear()
    monkeypatch.setattr(viewed, "READING", 0.05)
    conduct(toys.study, live.store, Options(workers=1))
    assert live.page("studies/toys.html") == before
    version = live.state("studies/toys.html")["version"]
    slow.set()
    live._jobs["toys"].result(60)
    assert "supported" in live.page("studies/toys.html")
    assert live.state("studies/toys.html")["version"] != version


def test_a_study_that_was_never_run_has_a_page_and_is_decided_nowhere(tmp_path):
    live = fresh(tmp_path / "store")
    assert "nothing was run" in live.page("studies/toys.html")
    assert "not run yet" in live.page("papers.html")
    assert "toys" not in live.shelf.results


def test_a_page_that_cannot_be_made_says_why_and_does_not_come_back(tmp_path):
    known = {"gone": Found("gone", "", "Gone", None, "toys:nothing")}
    live = fresh(tmp_path / "store", known)
    page = live.page("studies/gone.html")
    assert "This page cannot be made: there is no module" in page
    assert "refresh" not in page.partition("<script")[0]


def test_progress_counts_what_is_there_up_to_the_next_look(tmp_path):
    store = open_store(tmp_path / "store")
    done, planned = progress(toys.study, store, recall(toys.study, store).verdicts)
    assert done == 0 < planned
    conduct(toys.study, store, Options(workers=1))
    done, planned = progress(toys.study, store, recall(toys.study, store).verdicts)
    assert done == planned


@pytest.fixture
def served(tmp_path):
    """`heldout view` as a user starts it, and the address that it prints."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    command = [
        sys.executable,
        "-c",
        "import signal; signal.signal(2, signal.default_int_handler); from heldout.cli import main; main()",
    ]
    process = subprocess.Popen(
        [*command, "view", str(tmp_path / "store"), "--no-browser", "--evidence", str(tmp_path)],
        stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
    )  # fmt: skip
    killer = threading.Timer(300, process.kill)
    killer.start()
    try:
        lines = iter(process.stderr.readline, "")
        yield process, next(found[0] for line in lines if (found := re.search(r"http://\S+", line)))
    finally:
        killer.cancel()
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=40)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


@needed
def test_a_study_from_start_to_verdict_and_the_stop_button(served):
    process, address = served
    own = address.partition("/?")[0]
    with tab(own) as at:
        page = at.page
        page.goto(f"{own}/store/studies/sums.html")
        page.wait_for_timeout(1500)
        assert page.locator("#live button").count() == 0  # without the token nothing can be started
        page.goto(address)
        page.goto(
            f"{own}/store/studies/corruptions.html"
        )  # it takes minutes, so that it cannot end before it is stopped
        for press in "Run", "Resume":
            page.click(f"#live button:has-text('{press}')", timeout=60_000)
            page.click("#live button:has-text('Stop')", timeout=60_000)
            page.wait_for_selector("#live b:has-text('stopped')", timeout=60_000)
        page.goto(f"{own}/store/papers.html")
        page.click("#sums h3 a")
        page.click("#live button:has-text('Run')", timeout=60_000)
        page.wait_for_selector("#live b:has-text('finished')", timeout=90_000)
        page.wait_for_selector(".chips .supported", timeout=60_000)
        page.goto(f"{own}/store/index.html")
        assert page.locator("#list .supported").count() >= 1
        at.see()
    assert process.poll() is None


def test_events_tell_the_state_and_then_what_changes(tmp_path):
    live = lives(tmp_path / "store")["store"]
    live.page("studies/toys.html")
    first = live.state("studies/toys.html")
    assert json.dumps(first)
    assert first["runs"] == {}
    conduct(toys.study, live.store, Options(workers=1))
    for _ in range(200):  # it is read behind the events
        if (then := live.state("studies/toys.html"))["version"] != first["version"]:
            break
        time.sleep(0.05)
    assert then["version"] != first["version"]
    assert then["done"] == then["planned"] > 0
    assert "supported" in live.page("studies/toys.html")


@pytest.mark.parametrize(("code", "state"), [(0, "finished"), (130, "stopped")])
def test_a_run_that_ended_before_the_stop_reached_it_is_finished(code, state, tmp_path):
    process = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
    process.wait()
    with (tmp_path / "said").open("w+b") as said:
        assert Run(process, said, stopped=True).state == state


def test_the_browser_is_started_with_a_code_that_works_once(tmp_path, monkeypatch):
    opened, once = [], Once()
    made = application(lives(tmp_path / "store"), TOKEN, 7, once)
    for allowed in (True, False):  # a client of its own each, without the other's cookie
        with TestClient(made, base_url="http://127.0.0.1:7") as client:
            client.get(f"/?once={once.code}")
            answer = client.post("/store/runs/nothing/start")
            assert answer.status_code == (404 if allowed else 403)
    monkeypatch.setattr(serving.webbrowser, "open", opened.append)
    monkeypatch.setattr(serving.uvicorn.Server, "run", lambda *_, **__: None)
    said = []
    serving.serve({}, 0, browse=True, say=said.append)
    assert "once=" in opened[0]
    assert said[0].partition("token=")[2] not in opened[0]
