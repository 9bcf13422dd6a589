"""Tables of every shape from text to values, against what a person reads in them; bad ones against one clear line."""

import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading import Reading, read, read_frame
from heldout.results.table import Battles, Table

TABLES = Path(__file__).parents[1] / "tables"


def table(path: Path | str, **words) -> Table:
    found = read([str(path)], Reading(**words))
    assert isinstance(found, Table)
    return found


def battles(path: Path) -> Battles:
    found = read([str(path)])
    assert isinstance(found, Battles)
    return found


def written(folder: Path, text: str | bytes, name: str = "t.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refused(folder: Path, text: str | bytes, name: str = "t.csv", **words) -> str:
    with pytest.raises(HeldoutError) as caught:
        read([str(written(folder, text, name))], Reading(**words))
    line = str(caught.value)
    assert "\n" not in line
    return line


def says(lines: tuple[str, ...], *words: str) -> bool:
    return any(all(w in line for w in words) for line in lines)


def test_runs():
    found = table(TABLES / "runs.csv")
    assert (found.kind, found.systems, found.tasks, found.paired) == ("runs", ("dqn", "ppo"), ("cave", "river"), True)
    expected = [[[10.5, 101], [12.25, 99], [9, np.nan]], [[14, np.nan], [13.5, np.nan], [np.nan, 120]]]
    np.testing.assert_array_equal(found.scores, expected)
    for words in (("infinite", "ppo"), ("without a score", "ppo"), ("dropped",), ("numbers of runs differ",)):
        assert says(found.warnings, *words), words


def test_curves_end_at_each_runs_last_step():
    found = table(TABLES / "curves.csv")
    np.testing.assert_array_equal(found.scores[:, :, 0], [[9, 4], [12, 11]])
    assert says(found.warnings, "last step", "4 of 9 rows")
    assert says(found.warnings, "different steps")


def test_leaderboard_of_odd_cells():
    found = table(TABLES / "leaderboard.csv")
    assert found.kind == "leaderboard"
    assert found.systems == ("Alpha 7B", "Beta 13B", "Gamma 70B", '=HYPERLINK("x")')
    assert found.tasks == ("MMLU", "GSM8K", "HumanEval")
    expected = [[71.2, 64.0, 38.4], [74.8, 70.1, np.nan], [82.5, np.nan, 52.4], [69, 58.2, 33.5]]
    np.testing.assert_array_equal(found.scores[:, 0], expected)
    assert says(found.warnings, "64.0/61.3", "the first is taken")
    assert says(found.warnings, "2 of 12", "Beta 13B on HumanEval")
    assert says(found.understood, "Average", "ignored")


def test_leaderboard_with_tasks_in_rows():
    found = table(TABLES / "leaderboard_turned.tsv")
    assert found.systems == ("GPT-mini", "Llama-mini", "ours")
    np.testing.assert_array_equal(found.scores[2, 0], [0.97, 0.91, np.nan])


def test_items_of_one_name_in_two_tasks_are_two():
    found = table(TABLES / "items.jsonl")
    items = found.items
    assert found.kind == "items"
    assert items is not None
    np.testing.assert_array_equal(items.values, [[1, 0, 1], [1, 1, np.nan]])
    np.testing.assert_array_equal(items.task, [0, 0, 1])
    np.testing.assert_array_equal(items.cluster, [0, 0, 1])
    np.testing.assert_array_equal(found.scores[:, 0], [[0.5, 1], [1, np.nan]])
    assert says(found.warnings, "lack items", "large 1")


def test_counts():
    items = table(TABLES / "counts.csv").items
    assert items is not None
    np.testing.assert_allclose(items.values, [[0.25, 0], [0.75, 0.4]])
    np.testing.assert_array_equal(items.repeats, [[20, 20], [20, 10]])


def test_more_right_than_asked_is_refused(tmp_path):
    assert "more right outcomes" in refused(tmp_path, "model,problem,n,c\na,p,5,6\nb,p,5,1\n")


def test_battles():
    found = battles(TABLES / "battles.csv")
    names = [(found.systems[a], found.systems[b]) for a, b in zip(found.first, found.second, strict=True)]
    assert names == [("x", "y"), ("y", "x"), ("x", "z"), ("y", "z"), ("z", "x")]
    np.testing.assert_array_equal(found.outcome, [1, 1, 0.5, 0.5, 0])
    assert found.voter is not None
    np.testing.assert_array_equal(found.voter, [0, 1, 0, 1, 0])
    assert says(found.warnings, "1 battle of a system with itself")


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("left,right,score\nx,y,1\ny,x,0\nx,y,0.5\n", [1, 0, 0.5]),
        ("left,right,score\nx,y,1\ny,x,-1\nx,y,0\n", [1, 0, 0.5]),
        ("model_a,model_b,winner\nx,y,x\ny,x,x\nx,y,draw\n", [1, 0, 0.5]),
        ("model_a,model_b,winner\nx,y,Model A\ny,x,B\nx,y,tie\n", [1, 0, 0.5]),
        ("winner,loser\nx,y\ny,x\nx,y\n", [1, 1, 1]),
        ("winner,loser,tie\nx,y,0\ny,x,False\nx,y,1\n", [1, 1, 0.5]),
    ],
)
def test_who_won(tmp_path, rows, expected):
    np.testing.assert_array_equal(battles(written(tmp_path, rows)).outcome, expected)


def test_unnamed_voters_are_not_one(tmp_path):
    found = battles(written(tmp_path, "model_a,model_b,winner,voter\nx,y,a,\ny,x,a,\nx,y,b,v\n"))
    assert found.voter is not None
    assert len(set(found.voter.tolist())) == 3


def test_a_winner_that_is_neither_is_refused(tmp_path):
    assert "'q'" in refused(tmp_path, "model_a,model_b,winner\nx,y,q\n")
    assert "winner=" in refused(tmp_path, "model_a,model_b,note\nx,y,hm\n")


def test_decimal_comma_comment_and_semicolon():
    found = table(TABLES / "semicolon.csv", columns={"system": "Verfahren", "task": "Datensatz"})
    np.testing.assert_array_equal(found.scores[:, 0], [[0.91, 0.85], [0.88, 0.9]])
    assert says(found.warnings, "decimal comma")


def test_seeds_across():
    found = table(TABLES / "seeds.csv")
    np.testing.assert_array_equal(found.scores[:, :, 0], [[0.5, 0.6, 0.7], [0.4, 0.7, 0.9]])
    assert found.paired


def test_items_across(tmp_path):
    header = "model," + ",".join(f"q{i}" for i in range(25))
    rows = "\n".join(f"m{s}," + ",".join(str((i + s) % 2) for i in range(25)) for s in range(3))
    found = table(written(tmp_path, f"{header}\n{rows}\n"))
    assert found.items is not None
    assert found.items.values.shape == (3, 25)


def test_a_suite_tells_tasks_of_one_name_apart(tmp_path):
    rows = "suite,system,task,seed,score\nu,a,t,0,1\nv,a,t,0,2\nu,b,t,0,3\nv,b,t,0,4\n"
    found = table(written(tmp_path, rows))
    assert found.tasks == ("u/t", "v/t")
    np.testing.assert_array_equal(found.scores[:, 0], [[1, 2], [3, 4]])


def test_conflicting_rows_of_a_run_are_averaged(tmp_path):
    rows = "model,task,seed,score\na,t,1,1\na,t,1,3\nb,t,1,2\na,t,2,5\nb,t,2,6\n"
    found = table(written(tmp_path, rows))
    assert found.scores[:, :, 0].tolist() == [[2, 5], [2, 6]]
    assert says(found.warnings, "averaged, as a run counts once")


def test_conflicting_rows_of_an_item_are_repeats(tmp_path):
    rows = "model,item,score\na,q,1\na,q,0\nb,q,0\na,r,1\nb,r,0\na,s,1\nb,s,0\n"
    found = table(written(tmp_path, rows))
    assert says(found.warnings, "kept as repeats")


def test_runs_without_numbers_are_all_kept(tmp_path):
    found = table(written(tmp_path, "model,score\na,1\na,1\na,2\nb,3\nb,3\nb,4\n"))
    assert found.scores.shape == (2, 3, 1)
    assert not found.paired
    assert says(found.warnings, "no column tells repeats apart")


def test_seeds_that_nobody_shares_pair_nothing(tmp_path):
    found = table(written(tmp_path, "model,seed,score\na,1,1\na,2,2\nb,77,3\nb,78,4\n"))
    assert not found.paired
    np.testing.assert_array_equal(found.scores[:, :, 0], [[1, 2], [3, 4]])


def test_one_measure_a_task(tmp_path):
    rows = "model,task,metric,value\na,t,acc,0.5\na,t,f1,0.4\nb,t,acc,0.6\nb,t,f1,0.7\n"
    path = written(tmp_path, rows)
    found = table(path)
    np.testing.assert_array_equal(found.scores.ravel(), [0.5, 0.6])
    assert says(found.understood, "measure acc", "left out: f1")
    other = table(path, columns={"measure": "metric:f1"})
    np.testing.assert_array_equal(other.scores.ravel(), [0.4, 0.7])


def test_several_files_are_joined(tmp_path):
    one = written(tmp_path, "task,score\nt,1\nu,2\n", "ours.csv")
    two = written(tmp_path, "task,score\nt,3\nu,4\n", "theirs.csv")
    found = read([str(one), str(two)])
    assert isinstance(found, Table)
    assert found.systems == ("ours", "theirs")
    assert says(found.understood, "file's name")
    again = read([str(TABLES / "seeds.csv"), str(TABLES / "seeds.csv")])
    assert isinstance(again, Table)
    assert says(again.warnings, "another file says already")
    assert again.scores.shape[1] == 3
    text = (TABLES / "seeds.csv").read_text()
    more = written(tmp_path, text.replace(",0.", ",0.0"), "more.csv")
    other = read([str(TABLES / "seeds.csv"), str(more)])
    assert isinstance(other, Table)
    assert says(other.warnings, "several files")
    assert other.scores.shape[1] == 6


@pytest.mark.parametrize("form", ["parquet", "json", "jsonl", "tsv"])
def test_every_format_says_the_same(tmp_path, form):
    import duckdb

    path = tmp_path / f"t.{form}"
    how = {
        "parquet": "FORMAT parquet",
        "json": "FORMAT json, ARRAY true",
        "jsonl": "FORMAT json",
        "tsv": "FORMAT csv, DELIMITER '\t'",
    }[form]
    source = str(TABLES / "runs.csv")
    duckdb.connect().execute(f"COPY (FROM read_csv('{source}', all_varchar = true)) TO '{path}' ({how})")
    np.testing.assert_array_equal(table(path).scores, table(source).scores)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((TABLES / "runs.csv").read_bytes())))
    found = table("-")
    assert found.sources == ("standard input",)
    np.testing.assert_array_equal(found.scores, table(TABLES / "runs.csv").scores)


def test_columns_by_the_user(tmp_path):
    path = written(tmp_path, "who,model,score\na,x,1\nb,x,2\n")
    assert table(path, columns={"system": "who"}).systems == ("a", "b")
    assert "no such column" in refused(tmp_path, "model,score\na,1\nb,2\n", columns={"system": "algo"})
    with pytest.raises(HeldoutError, match="no such role"):
        Reading(columns={"who": "algo"})


def test_lower_is_better(tmp_path):
    path = written(tmp_path, "model,seed,loss\na,1,0.5\nb,1,0.25\n")
    assert says(table(path).warnings, "loss", "lower may be better")
    turned = table(path, lower_is_better=True)
    np.testing.assert_array_equal(turned.scores.ravel(), [-0.5, -0.25])
    assert not says(turned.warnings, "lower may be better")


def test_normalising(tmp_path):
    path = TABLES / "curves.csv"
    scores = table(path, normalise="min-max").scores[:, :, 0]
    np.testing.assert_allclose(scores, [[5 / 8, 0], [1, 7 / 8]])
    rows = written(tmp_path, "model,task,seed,score\na,t,1,10\nb,t,1,30\n")
    reference = written(tmp_path, "task,random,human\nt,10,20\n", "r.csv")
    np.testing.assert_allclose(table(rows, normalise=f"reference {reference}").scores.ravel(), [0, 2])
    with pytest.raises(HeldoutError, match="no reference for all"):
        table(path, normalise=f"reference {reference}")
    with pytest.raises(HeldoutError, match="take none"):
        Reading(normalise="z-score")


def test_percentages_beside_fractions(tmp_path):
    found = table(written(tmp_path, "model,seed,acc\na,1,91.4%\na,2,0.9\nb,1,0.8\nb,2,0.7\n"))
    np.testing.assert_allclose(found.scores[:, :, 0], [[0.914, 0.9], [0.8, 0.7]])
    assert says(found.warnings, "divided by 100")


PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
BAD = [
    (b"", "t.csv", "empty"),
    (PNG, "t.csv", "PNG image"),
    (b"%PDF-1.7 ...", "t.csv", "PDF"),
    (b"\x80\x04\x95abc", "t.csv", "pickle"),
    (b"not parquet at all\n1\n", "t.parquet", "not a Parquet file"),
    (b"PAR1" + bytes(50), "t.parquet", "cannot be read"),
    (b"model,score\na,1\n", "t.json", "not JSON"),
    (b'{"a": 1}', "t.json", "t.json"),
    (b"[" * 100_000, "t.json", "t.json"),
    (b'{"system": ["a"], "model": [[null, null]]}', "t.json", "no column holds scores"),
    ("model,score\na,1\nb,2\n".encode("utf-16"), "t.csv", "UTF-16"),
    (b"<!DOCTYPE html><html>", "t.csv", "web page"),
    (b"model,note\na,good\nb,bad\n", "t.csv", "no column holds scores"),
    (b"model,score\na,good\nb,bad\n", "t.csv", "score"),
    (b"model,score\na,1\na,2\n", "t.csv", "only one system (a)"),
    (b"model,score\n" + (b"x" * 3000 + b",1\n") * 2, "t.csv", f"only one system ({'x' * 39}…)"),
    (b"model,score\na,1\nb,1\n", "t.csv", "all 2 scores are equal"),
    (b"model,score\na,nan\nb,nan\n", "t.csv", "score"),
    (b"model,score\n", "t.csv", "no rows"),
    (b"1,2\n3,4\n", "t.csv", "first line holds numbers"),
    (b"justoneword\nanother\n", "t.csv", "one column"),
    (b"seed,score\n1,2\n2,3\n", "t.csv", "no column tells systems apart"),
    (b"model,seed,accuracy\na,1,0.91\na,2,0.92\nb,1,90.5\nb,2,93\n", "t.csv", "mixed units"),
    (b"model\0,score\na,1\n", "t.csv", "binary"),
]


@pytest.mark.parametrize(("data", "name", "words"), BAD, ids=[w for _, _, w in BAD])
def test_bad_input_is_one_line(tmp_path, data, name, words):
    assert words in refused(tmp_path, data, name)


def test_no_file_no_paths_no_logs(tmp_path):
    with pytest.raises(HeldoutError, match="no such file"):
        read([str(tmp_path / "none.csv")])
    with pytest.raises(HeldoutError, match="no files"):
        read([])
    with pytest.raises(HeldoutError, match="without a log"):
        read([str(tmp_path)])


def test_hostile_cells_stay_text(tmp_path):
    rows = [
        {"model": "=cmd()", "task": "<script>alert(1)</script>", "score": 1},
        {"model": "b\u202e\x07\x1b[31m", "task": "<script>alert(1)</script>", "score": 2},
        {"model": "'; DROP TABLE gathered; --", "task": "<script>alert(1)</script>", "score": 3},
    ]
    found = table(written(tmp_path, json.dumps(rows), "t.json"))
    assert found.systems == ("=cmd()", "b[31m", "'; DROP TABLE gathered; --")
    assert found.tasks == ("<script>alert(1)</script>",)


def test_hostile_column_names(tmp_path):
    rows = 'model,"a"" FROM x; --",\'b\na,1,2\nb,3,4\n'
    found = table(written(tmp_path, rows))
    assert found.tasks == ('a" FROM x; --', "'b")
    np.testing.assert_array_equal(found.scores[:, 0], [[1, 2], [3, 4]])


def test_an_archive_of_anything_is_no_table(tmp_path):
    path = tmp_path / "t.csv"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "y")
    with pytest.raises(HeldoutError, match="ZIP archive"):
        read([str(path)])


def test_frames_and_arrays():
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(TABLES / "runs.csv")
    expected = table(TABLES / "runs.csv").scores
    for given in (frame, {c: frame[c].to_numpy() for c in frame}, {c: frame[c].tolist() for c in frame}):
        found = read_frame(given)
        assert isinstance(found, Table)
        np.testing.assert_array_equal(found.scores, expected)


def test_arrays_by_system_as_rliable_takes_them():
    rng = np.random.default_rng(0)
    arrays = {"a": rng.normal(size=(3, 4)), "b": rng.normal(size=(5, 4))}
    found = read_frame(arrays)
    assert isinstance(found, Table)
    assert found.scores.shape == (2, 5, 4)
    np.testing.assert_array_equal(found.scores[1], arrays["b"])
    np.testing.assert_array_equal(found.scores[0, :3], arrays["a"])
    with pytest.raises(HeldoutError, match="arrays by system"):
        read_frame({"a": np.zeros((3, 4)), "b": np.zeros((3, 5))})
    with pytest.raises(HeldoutError, match="cannot read"):
        read_frame(42)
