"""Tables as strangers keep them: several rows a seed, odd headers, names that are numbers, files named twice."""

import json

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.compare import Options, compare
from heldout.results.reading import Reading, read
from heldout.scoring import Asked, posed


def made(tmp_path, *texts, names=None, **kw):
    paths = [tmp_path / (names[i] if names else f"t{i}.csv") for i in range(len(texts))]
    for path, text in zip(paths, texts, strict=True):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return read([str(p) for p in paths], Reading(**kw))


def test_episodes_of_a_seed_are_one_run_and_equal_ones_are_no_copies(tmp_path):
    wins = {"A": [1, 1, 1, 0], "B": [0, 0, 0, 1]}
    rows = [f"{m},{s},{e},{w}" for m, ws in wins.items() for s in range(3) for e, w in enumerate(ws)]
    t = made(tmp_path, "algo,seed,episode,success\n" + "\n".join(rows))
    np.testing.assert_allclose(t.scores[:, :, 0], [[0.75] * 3, [0.25] * 3])


def test_rows_without_a_seed_take_no_other_rows_place(tmp_path):
    t = made(tmp_path, "model,seed,score\nA,0,1\nA,1,2\nA,,9\nB,0,3\nB,1,4\n")
    assert sorted(t.scores[0][~np.isnan(t.scores[0])]) == [1, 2, 9]


def test_a_header_may_begin_with_a_number_sign(tmp_path):
    t = made(tmp_path, "#,Model,MMLU,ARC\n1,a,86.4,96.3\n2,b,79.2,93.0\n")
    assert (t.systems, t.tasks) == (("a", "b"), ("MMLU", "ARC"))
    t = made(tmp_path, "# by me, on, monday\nmodel,seed,score\na,0,1\nb,0,2\n")
    assert t.systems == ("a", "b")


def test_systems_that_share_no_seed_are_compared_run_by_run(tmp_path):
    rows = [
        f"{m},{s + o},{b + s / 1000}" for m, o, b in (("A", 0, 0.9), ("B", 0, 0.8), ("C", 100, 0.1)) for s in range(6)
    ]
    pairs = compare(made(tmp_path, "model,seed,score\n" + "\n".join(rows))).pairs
    assert [p.verdict for p in pairs] == ["a better"] * 3
    assert [p.unit for p in pairs] == ["run"] * 3
    assert pairs[1].n == 12


def test_claims_speak_of_losses_as_they_stand_in_the_file(tmp_path):
    rows = [f"{m},{s},{b + s / 100}" for m, b in (("good", 0.3), ("bad", 0.9)) for s in range(8)]
    t = made(tmp_path, "model,seed,loss\n" + "\n".join(rows), lower_is_better=True)
    said = {"g": 'score("good") < 0.5', "b": 'score("bad") < 0.5', "o": 'score("good") < score("bad")'}
    assert [v.verdict for v in compare(t, Options(claims=said)).claims] == ["supported", "refuted", "supported"]


@pytest.mark.parametrize(("column", "systems"), [("seed", "AB"), ("run", "AB"), ("run", "ABCDE"), ("seed", "ABCDE")])
@pytest.mark.parametrize("n", [2, 3, 4, 5])
def test_as_many_more_runs_as_said_can_decide(tmp_path, column, systems, n):
    def table(n):
        rng = np.random.default_rng(0)
        rows = [f"{m},{i},{-j + 0.01 * rng.standard_normal()}" for i in range(n) for j, m in enumerate(systems)]
        return compare(made(tmp_path, f"model,{column},score\n" + "\n".join(rows))).pairs

    more = max((p.more_units or 0) for p in table(n))
    assert all(p.verdict != "undecided" for p in table(n + more))


def test_a_file_named_twice_counts_once(tmp_path):
    text = "model,seed,score\n" + "".join(
        f"{m},{s},{b + s / 100}\n" for m, b in (("A", 0.5), ("B", 0.46)) for s in range(4)
    )
    assert compare(made(tmp_path, text, text)).pairs[0].n == 4


def test_scores_that_are_equal_by_chance_make_no_copy(tmp_path):
    one, two = ("model,seed,score\nA,0,1\nA,1,0\nB,0,0\nB,1,0\n", "model,seed,score\nA,0,1\nA,1,1\nB,0,0\nB,1,1\n")
    t = made(tmp_path, one, two)
    assert np.nansum(t.scores, axis=(1, 2)).tolist() == [3, 1]
    assert (~np.isnan(t.scores)).sum() == 8


def test_overlapping_exports_count_once(tmp_path):
    first = "model,seed,score\n" + "".join(f"{m},{s},{b + s}\n" for m, b in (("A", 0.5), ("B", 0.4)) for s in range(4))
    longer = "model,seed,score\n" + "".join(
        f"{m},{s},{b + s}\n" for m, b in (("A", 0.5), ("B", 0.4)) for s in range(2, 7)
    )
    t = made(tmp_path, first, longer)
    assert (~np.isnan(t.scores)).sum() == 14


def test_a_winner_of_0_1_and_2_is_refused(tmp_path):
    with pytest.raises(HeldoutError, match="may be a tie"):
        made(tmp_path, "model_a,model_b,winner\n" + "A,B,0\nA,B,1\nA,B,2\n" * 3)


def test_files_of_one_name_are_systems_by_their_folders(tmp_path):
    one = "item,correct\n" + "".join(f"q{i},{i % 2}\n" for i in range(9))
    t = made(tmp_path, one, one, one.replace(",0", ",1", 2), names=["ppo/r.csv", "sac/r.csv", "td3.csv"])
    assert t.systems == ("ppo/r", "sac/r", "td3")


def test_json_of_numbers_and_texts_in_one_column(tmp_path):
    rows = [
        {"system": s, "seed": i, "score": f"{90 + i}%" if s == "a" else 0.1 * i} for i in range(4) for s in (1, "a")
    ]
    t = made(tmp_path, json.dumps(rows), names=["t.json"])
    assert t.systems == ("1", "a")
    assert t.scores[1, 1, 0] == pytest.approx(0.91)


def test_names_that_end_in_numbers_are_no_seeds(tmp_path):
    t = made(tmp_path, '"Step","resnet-18 - acc","resnet-50 - acc"\n1,.5,.7\n2,.6,.8\n')
    assert t.systems == ("resnet-18", "resnet-50")


def test_why_only_one_system_is_left_is_said(tmp_path):
    with pytest.raises(HeldoutError, match="text instead of a score"):
        made(tmp_path, "model,seed,score\nA,0,90k\nA,1,91k\nB,0,80\nB,1,81\n")


def test_items_of_one_system_are_not_answered_alike_by_all(tmp_path):
    rows = [f"A,q{i},{i % 2}" for i in range(30)] + [f"B,z{i},{int(i % 3 > 0)}" for i in range(30)]
    assert not any(
        "answered alike" in w for w in compare(made(tmp_path, "model,item,correct\n" + "\n".join(rows))).warnings
    )


def test_battles_of_systems_with_numbers_for_names(tmp_path):
    rows = [f"{1 + i % 3},{1 + (i + 1) % 3},model_{'ab'[i % 2]}" for i in range(12)]
    assert made(tmp_path, "model_a,model_b,winner\n" + "\n".join(rows)).systems == ("1", "2", "3")


def test_a_forecast_of_percentages_beside_fractions(tmp_path):
    from heldout.results.forecast import Asking
    from heldout.results.forecast import read as columns

    p = tmp_path / "f.csv"
    p.write_text("n,acc\n1,30%\n2,40%\n4,0.5\n8,0.55\n")
    np.testing.assert_allclose(columns(str(p), Asking("n")).scores, [0.3, 0.4, 0.5, 0.55])


def test_columns_of_a_frame_that_differ_in_case_only():
    from heldout.results.reading import read_frame

    t = read_frame(
        {"Model": ["a", "a", "b", "b"], "model": ["x", "y", "x", "y"], "score": [1.0, 2, 3, 4]},
        Reading({"system": "Model"}),
    )
    assert not set(t.tasks) & {"a", "b"}


def test_a_frame_with_two_columns_of_one_name():
    import pandas as pd

    from heldout.results.reading import read_frame

    with pytest.raises(HeldoutError, match="'acc'"):
        read_frame(pd.DataFrame([["a", 0, 1.0, 2.0], ["b", 0, 3.0, 4.0]], columns=["model", "seed", "acc", "acc"]))


def test_one_training_asked_about_many_splits_is_one_unit(tmp_path):
    from heldout.store import Finished, open_store

    store = open_store(tmp_path / "s")
    keys = [(s, f"noise {j}") for s in range(5) for j in range(10)]
    for learner, gain in (("lstm", 0.0), ("stack", 0.1)):
        n = len(keys)
        records = {
            "cell": [learner] * n,
            "task": ["digits"] * n,
            "learner": [learner] * n,
            "config": [""] * n,
            "seed": [s for s, _ in keys],
            "on": [""] * n,
            "split": [x for _, x in keys],
            "probe": ["score"] * n,
            "probe_digest": ["p"] * n,
            "step": [5] * n,
            "value": [0.1 * s + gain * (s + 1) for s, _ in keys],
        }
        run = {"cell": learner, "status": "ok", "started": 1.0, "mode": "vmap", "chunk": 3, "probes": ["p"]}
        store.write(
            Finished(f"{learner}-0-4", [run | {"batch": learner, "seed": s} for s in range(5)], records, {}, [])
        )
    pair = compare(read([str(tmp_path / "s")])).pairs[0]
    assert pair.n == 5
    assert pair.p_adjusted == pytest.approx(2 / 2**5)
    assert pair.difference.estimate == pytest.approx(-0.3)
    words = {
        "all": 'score("stack") > score("lstm")',
        "one": 'score("stack", "digits: noise 3") > score("lstm", "digits: noise 3")',
        "both": 'score("stack", "digits: noise 3") > score("stack", "digits: noise 4")',
    }
    claims = compare(read([str(tmp_path / "s")]), Options(claims=words)).claims
    assert [v.n for v in claims] == [5, 5, 0]
    assert [v.estimate for v in claims[:2]] == pytest.approx([0.3, 0.3])


@pytest.mark.parametrize("place", ["seed=3", "score=9", "a*b", "what?", "exp[1]"])
@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "parquet"])
def test_the_folders_above_a_table_say_nothing_of_what_is_in_it(tmp_path, place, kind):
    import duckdb

    rows = [(model, seed, base + seed / 100) for model, base in (("A", 0.5), ("B", 0.4)) for seed in range(10)]
    options = {"json": "(format json, array true)", "jsonl": "(format json)"}.get(kind, f"(format {kind})")
    for folder in (place, "axb", "whatz", "exp1"):
        (tmp_path / folder).mkdir()
        values = ", ".join(map(str, rows if folder == place else [(m, s, 7.0) for m, s, _ in rows]))
        query = f"copy (from (values {values}) t(model, seed, score)) to '{tmp_path / folder / 't'}.{kind}' {options}"
        duckdb.sql(query)
    found = read([str(tmp_path / place / f"t.{kind}")], Reading())
    assert found.systems == ("A", "B")
    np.testing.assert_allclose(found.scores[:, :, 0], np.array([[0.5], [0.4]]) + np.arange(10) / 100)
    (task,) = posed("sklearn.linear_model:Ridge", str(tmp_path / place / f"t.{kind}"), Asked(target="score")).tasks
    assert sorted(task.read.targets.tolist()) == pytest.approx(sorted(score for *_, score in rows))
