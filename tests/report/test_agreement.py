"""The same numbers in the terminal, Markdown, HTML and JSON, read back from each."""

import io
import json
import re
from html.parser import HTMLParser
from typing import Any

from rich.console import Console

from heldout.core.result import Result
from heldout.report import markdown, terminal
from heldout.report.json import tree

Rows = dict[str, list[str]]
NUMBER = re.compile(r"-?\d+\.\d+ \[-?\d+\.\d+, -?\d+\.\d+\]|–")


class Tables(HTMLParser):
    """The text of every table cell, row by row."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.tables[-1][-1].append("")
            self.inside = True

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.tables[-1][-1][-1] += data


def printed(result: Result, width: int = 200) -> str:
    out = io.StringIO()
    terminal.show(result, Console(file=out, width=width))
    return out.getvalue()


def from_html(page: str) -> list[Rows]:
    parser = Tables()
    parser.feed(page)
    wanted = [t for t in parser.tables if t[0][0] == "score"]
    return [{row[0]: NUMBER.findall("  ".join(row[1:])) for row in t[1:]} for t in wanted]


def from_markdown(result: Result) -> list[Rows]:
    text = markdown.page(result)
    found = []
    for block in text.split("\n\n"):
        if block.startswith("| score"):
            rows = [re.split(r" \| ", line[2:-2]) for line in block.split("\n")[2:]]
            found.append({re.sub(r"\*\*|&emsp;|\\", "", r[0]): NUMBER.findall("  ".join(r[1:])) for r in rows})
    return found


def from_terminal(result: Result) -> list[Rows]:
    text = printed(result)
    found = []
    for block in text.split("\n\n"):
        lines = block.split("\n")
        if len(lines) > 3 and lines[1].startswith("score") and "noise" in block:
            found.append({re.split(r"\s{2,}", s.strip())[0]: NUMBER.findall(s) for s in lines[3:] if s.strip()})
    return found


def from_json(result: Result) -> list[Rows]:
    """From the numbers alone: what each table row must say."""
    found: dict[str, Rows] = {}
    for row in json.loads(json.dumps(tree(result)))["scores"]:
        group = re.fullmatch(r".*\[(.*)\]", row["split"])
        if row["level"] is not None:
            continue
        label = f"{row['axis']} (mean)" if row["split"] == row["axis"] else row["split"]
        label = group[1] if group else f"worst of {row['axis']}" if row["split"] == "worst" else label
        text = f"{row['estimate']:.3f} [{row['low']:.3f}, {row['high']:.3f}]"
        found.setdefault(row["task"], {}).setdefault(label, []).append(text)
    return list(found.values())


def test_score_tables_agree(full: Result, full_page: str) -> None:
    expected = from_json(full)
    assert [len(t) for t in expected] == [25, 19]
    assert all(len(cells) == 5 for t in expected for cells in t.values())
    assert from_html(full_page) == expected
    assert from_markdown(full) == expected
    assert from_terminal(full) == expected


def test_claims_agree(full: Result, full_page: str) -> None:
    page, text, told = full_page, markdown.page(full), printed(full)
    for claim in tree(full)["claims"]:
        if claim["estimate"] is None:
            continue
        estimate, ends = f"{claim['estimate']:.3f}", f"[{claim['low']:.3f}, {claim['high']:.3f}]"
        assert f"estimate {estimate}, 95% interval {ends}" in told
        assert f"stimate {estimate}, 95% interval \\{ends[:-1]}\\]" in text
        assert f"<b>{estimate}</b> <span>{ends}</span>" in page


def test_measures_and_gaps_agree(full: Result, full_page: str) -> None:
    page, text, told = full_page, markdown.page(full), printed(full)
    told = re.sub(r" +", " ", told)
    for row in full.measures:
        said = f"{row.estimate:.1f} [{row.low:.1f}, {row.high:.1f}]"
        assert said in told
        assert said in text
        assert said.replace(" [", " <small>[") in page
    for row in full.gaps:
        said = f"{row.estimate:.3f} [{row.low:.3f}, {row.high:.3f}]"
        assert said in told
        assert said in text
        assert said.replace(" [", " <small>[") in page


def test_narrow_terminals_lose_no_number(full: Result) -> None:
    wide = sorted(re.findall(r"\d+\.\d+", printed(full, 200)))
    for width in (80, 100, 60):
        told = printed(full, width)
        assert max(len(line) for line in told.split("\n") if "page:" not in line) <= width
        assert sorted(re.findall(r"\d+\.\d+", told)) == wide
