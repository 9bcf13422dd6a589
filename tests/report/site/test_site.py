"""The site as files, in a browser: every page, search, filters, exports, figures; nothing hostile runs."""

import csv
from pathlib import Path

import pytest

from browser import needed, tab
from heldout.core.discover import Found
from heldout.core.errors import HeldoutError
from heldout.report.site import papers as listing
from heldout.report.site.pages import addresses, render
from heldout.report.site.papers import ROLES, Paper, papers
from heldout.report.site.shelf import Shelf
from heldout.report.site.write import write

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def shelf(full, made, compared):
    results = {"corruptions": full, "lengths": made.lengths(), "single": made.single()}
    known = {slug: Found(slug, "vision", slug) for slug in results} | {"other": Found("other", "formal", "Other")}
    told = (
        Paper("corruptions", "Benchmarking", "vision", "task", "corrupted pictures", "robustness grows"),
        Paper("other", HOSTILE, "formal", "study", HOSTILE, HOSTILE),
        Paper("nowhere", "A paper without a study", "formal", "measure", "", ""),
    )
    return Shelf(results, known, told, (compared("table.csv"),))


@pytest.fixture(scope="module")
def folder(shelf, tmp_path_factory):
    place = tmp_path_factory.mktemp("site")
    write(shelf, place)
    return place


def test_every_address_has_a_page_and_others_have_none(shelf, folder):
    for address in addresses(shelf):
        assert (folder / address).read_text().startswith(("<!doctype html>", "\n<!doctype html>"))
    assert render(shelf, "studies/nothing.html") is None
    assert render(shelf, "../secret") is None


def test_what_is_the_same_is_not_written_again(shelf, folder):
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*.html")}
    write(shelf, folder)
    assert {p: p.stat().st_mtime_ns for p in folder.rglob("*.html")} == before


@needed
@pytest.mark.parametrize(("width", "theme"), [(1200, "light"), (390, "dark")])
def test_every_page_is_quiet_asks_for_nothing_outside_and_fits(shelf, folder, width, theme):
    with tab("file://", width, theme) as at:
        for address in addresses(shelf):
            at.page.goto(f"file://{folder / address}")
            assert at.page.title()
            wide = at.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{address} is {wide} pixels wide"
        at.see()


@needed
def test_links_lead_to_pages(shelf, folder):
    with tab("file://") as at:
        for address in addresses(shelf):
            at.page.goto(f"file://{folder / address}")
            links = at.page.eval_on_selector_all("a[href]", "all => all.map(a => a.href)")
            for link in {one.partition("#")[0].partition("?")[0] for one in links}:
                assert Path(link.removeprefix("file://")).is_file(), f"{address} leads to {link}"


@needed
def test_search_and_filters(folder):
    with tab("file://") as at:
        page = at.page
        page.goto(f"file://{folder}/papers.html")
        page.keyboard.press("/")
        page.keyboard.type("corruptions")
        page.keyboard.press("Enter")
        page.wait_for_url("**/index.html?q=corruptions")
        assert "found" in page.inner_text("#hits h2")
        assert page.locator("#hits a", has_text="Benchmarking").count() >= 1
        page.fill("#q", "no such thing")
        assert "Nothing" in page.inner_text("#hits h2")
        page.goto(f"file://{folder}/papers.html")
        page.select_option("select[name=state]", "not there yet")
        assert page.inner_text("#list-count") == "1 of 5 papers"
        page.fill("form.filters input", "without")
        assert page.locator("#list > li:visible").count() == 1
        page.fill("form.filters input", "corrupted")
        assert page.locator("#list > li:visible").count() == 0
        at.see()


@needed
def test_a_comparison_stands_in_the_frame_of_the_site(folder):
    with tab("file://") as at:
        page = at.page
        page.goto(f"file://{folder}/comparisons.html")
        assert page.text_content("#list-count") == "1 comparison"
        page.click("#list a")
        assert page.locator(".bar a[aria-current]").inner_text() == "Comparisons"
        assert page.locator(".tools button", has_text="CSV").count() == page.locator(".scroll table").count() > 0
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.click(".theme")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground
        page.keyboard.press("/")
        page.keyboard.type("corruptions")
        page.keyboard.press("Enter")
        page.wait_for_url("**/index.html?q=corruptions")
        assert page.locator("#hits a").count() >= 1
        at.see()


@needed
def test_theme_can_be_changed_and_is_remembered(folder):
    with tab("file://") as at:
        at.page.goto(f"file://{folder}/index.html")
        ground = "getComputedStyle(document.body).backgroundColor"
        light = at.page.evaluate(ground)
        at.page.click(".theme")
        dark = at.page.evaluate(ground)
        assert light != dark
        at.page.goto(f"file://{folder}/tasks.html")
        assert at.page.evaluate(ground) == dark
        at.see()


@needed
def test_tables_figures_and_citations_can_be_taken_away(folder, tmp_path):
    with tab("file://") as at:
        page = at.page
        page.goto(f"file://{folder}/studies/corruptions.html")
        table = page.locator(".scroll table").first
        with page.expect_download() as got:
            page.locator(".tools button", has_text="CSV").first.click()
        got.value.save_as(tmp_path / "table.csv")
        with (tmp_path / "table.csv").open(newline="") as file:
            rows = list(csv.reader(file))
        assert len(rows) == table.locator("tr").count()
        assert {len(row) for row in rows} == {len(rows[0])}
        for kind, opening in (("SVG", b"<svg"), ("PNG", b"\x89PNG\r\n\x1a\n"), ("BibTeX", b"@article{corruptions,")):
            with page.expect_download() as got:
                page.locator(".tools button", has_text=kind).first.click()
            got.value.save_as(tmp_path / kind)
            data = (tmp_path / kind).read_bytes()
            assert data.startswith(opening)
            assert b"var(--" not in data
        at.see()


@needed
def test_interactive_figures_come_from_beside_the_pages(folder):
    with tab("file://") as at:
        at.page.goto(f"file://{folder}/studies/corruptions.html")
        at.page.locator("text=Explore interactively").first.click()
        at.page.wait_for_selector(".plot .main-svg", timeout=20_000)
        options = at.page.locator(".explore select option").all_inner_texts()
        assert "every place" in options
        at.page.select_option(".explore select", index=len(options) - 1)
        at.see()


def test_the_papers_are_whole():
    found = papers()
    assert len({p.slug for p in found}) == len(found) == 249
    assert all(p.title and p.theme and p.about and p.claim and p.role in ROLES for p in found)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[paper]]\nslug = "a"\n', "must have"),
        ('[[paper]]\nslug="a"\ntitle="t"\ntheme="x"\nrole="king"\nabout=""\nclaim=""\n', "king"),
        ('[[paper]]\nslug="a"\ntitle="t"\ntheme="x"\nrole="task"\nabout=""\nclaim=""\n' * 2, "twice"),
    ],
)
def test_a_bad_entry_is_named(text, message, monkeypatch, tmp_path):
    (tmp_path / "papers.toml").write_text(text)
    monkeypatch.setattr(listing, "files", lambda _: tmp_path)
    with pytest.raises(HeldoutError, match=message):
        papers.__wrapped__()
