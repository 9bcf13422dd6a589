"""Pages that everybody can read and nobody can attack: markup in every field, contrast, and the keyboard alone."""

from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from browser import needed, tab
from heldout.core.discover import Found
from heldout.report.site.pages import addresses
from heldout.report.site.papers import Paper
from heldout.report.site.shelf import Shelf
from heldout.report.site.write import write

ATTACK = '"><img src=x onerror="alert(1)"><script>alert(2)</script><svg onload=alert(3)>\' onfocus=alert(4) autofocus x=\'</style>'

RUN = """() => [...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => /^on/i.test(a.name) || /^javascript:/i.test(a.value))
  || (e.tagName === "IMG" && !e.src.startsWith("data:image/")) || (e.tagName === "SCRIPT" && e.textContent.startsWith("alert"))).map((e) => e.outerHTML)"""

FAINT = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (text) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = "#000"; canvas.fillStyle = text; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].map((v, i) => (i < 3 ? v : v / 255));
  };
  const over = (top, ground) => [0, 1, 2].map((i) => top[i] * top[3] + ground[i] * (1 - top[3]));
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const found = {};
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const e = node.parentElement, box = e.getBoundingClientRect(), style = getComputedStyle(e);
    if (!node.textContent.trim() || box.width < 2 || !e.checkVisibility() || e.closest(".sr,.skip,script,style,.least svg")) continue;
    const chain = []; let opacity = 1;
    for (let up = e; up; up = up.parentElement) { chain.unshift(up); opacity *= getComputedStyle(up).opacity; }
    let ground = [255, 255, 255];
    for (const up of chain) ground = over(rgba(getComputedStyle(up).backgroundColor), ground);
    const ink = rgba(e instanceof SVGElement ? style.fill : style.color);
    const shown = over([ink[0], ink[1], ink[2], ink[3] * opacity], ground);
    const [a, b] = [light(shown), light(ground)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const ratio = (a + 0.05) / (b + 0.05);
    const mark = e.closest("[aria-hidden=true]") && node.textContent.trim().length === 1;
    if (ratio < (large || mark ? 3 : 4.5)) found[`${e.tagName}.${e.getAttribute("class") || ""} ${style.color} ${ratio.toFixed(2)}`] = node.textContent.trim().slice(0, 40);
  }
  return found;
}"""


def swapped(value, words):
    """The same value with other words in every text in it."""
    if isinstance(value, str):
        for old, new in words.items():
            value = value.replace(old, new) if len(old) > 20 or value == old else value
        return value
    if isinstance(value, tuple):
        return tuple(swapped(v, words) for v in value)
    if isinstance(value, dict):
        return {swapped(k, words): swapped(v, words) for k, v in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{f.name: swapped(getattr(value, f.name), words) for f in fields(value) if f.init})
    return value


@pytest.fixture(scope="module")
def attacked(made, compared, tmp_path_factory):
    """A site whose every name, title, reason, setting and cell is markup."""
    words = {
        made.HOSTILE: ATTACK,
        "domain": f"domain {ATTACK}",
        "length": f"length {ATTACK}",
        "photo": f"photo {ATTACK}",
    }
    result = swapped(made.lengths(), words)
    result = replace(
        result,
        about=ATTACK,
        verdicts=tuple(replace(v, reason=ATTACK, assumption=ATTACK, method=ATTACK) for v in result.verdicts),
    )
    known = {"odd": Found("odd", ATTACK, ATTACK), "other": Found("other", ATTACK, ATTACK)}
    papers = tuple(Paper(slug, ATTACK, ATTACK, "task", ATTACK, ATTACK) for slug in ("odd", "nowhere"))
    shelf = Shelf(
        {"odd": result},
        known,
        papers,
        (compared(ATTACK, (ATTACK, "other", "third")),),
        others=((ATTACK, "index.html"),),
    )
    folder = tmp_path_factory.mktemp("attacked")
    write(shelf, folder)
    return folder, [*addresses(shelf)]


@pytest.fixture(scope="module")
def plain(full, made, compared, tmp_path_factory):
    results = {"corruptions": full, "single": made.single()}
    shelf = Shelf(
        results,
        {s: Found(s, "vision", s) for s in results},
        (Paper("nowhere", "None yet", "formal", "task", "x", "y"),),
        (compared("table.csv"),),
    )
    folder = tmp_path_factory.mktemp("plain")
    write(shelf, folder)
    return folder, [*addresses(shelf)]


@needed
def test_markup_in_every_field_stays_text(attacked):
    folder, places = attacked
    with tab("file://") as at:
        page = at.page
        for address in places:
            text = (folder / address).read_text()
            assert "img src=x onerror" in text, f"{address} shows no attack"
            page.goto(f"file://{folder / address}")
            assert page.evaluate(RUN) == [], address
        page.goto(f"file://{folder}/index.html?q=onerror")
        assert page.locator("#hits li").count() >= 3
        assert page.evaluate(RUN) == []
        page.goto(f"file://{folder}/studies/odd.html")
        page.locator("text=Explore interactively").first.click()
        page.wait_for_selector(".plot .main-svg", timeout=20_000)
        assert page.evaluate(RUN) == []
        at.see()


@needed
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_text_stands_out_from_its_ground(plain, theme):
    """WCAG 2 AA: 4.5:1, large text and marks 3:1. Numbers in cells of a heat map stand on drawn shapes, which styles do not tell of."""
    folder, places = plain
    kinds = {address.partition("/")[0]: address for address in reversed(places)}
    with tab("file://", theme=theme) as at:
        for address in kinds.values():
            at.page.goto(f"file://{folder / address}")
            assert at.page.evaluate(FAINT) == {}, address


@needed
@pytest.mark.parametrize("address", ["papers.html", "studies/single.html"])
def test_the_keyboard_reaches_everything_and_shows_where_it_is(plain, address):
    folder, _ = plain
    with tab("file://") as at:
        page = at.page
        page.goto(f"file://{Path(folder) / address}")
        page.evaluate(
            "for (const e of document.querySelectorAll('a[href],button,input,select,[tabindex=\"0\"]')) if (e.checkVisibility()) e.dataset.unseen = 1"
        )
        count = page.locator("[data-unseen]").count()
        for _ in range(count):
            page.keyboard.press("Tab")
            drawn = page.evaluate(
                "(() => { const e = document.activeElement; delete e.dataset.unseen; return parseFloat(getComputedStyle(e).outlineWidth); })()"
            )
            assert drawn >= 1
        assert (
            page.evaluate("[...document.querySelectorAll('[data-unseen]')].map((e) => e.outerHTML.slice(0, 90))") == []
        )
        if address == "papers.html":
            page.focus("form.filters select[name=state]")
            page.keyboard.press("End")
            assert " of " in page.inner_text("#list-count")
