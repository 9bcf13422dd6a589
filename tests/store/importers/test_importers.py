"""Importers on logs that the tools themselves wrote (`benchmarks/fixtures.py`), against what the tools say of them."""

import json
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from heldout.core.errors import HeldoutError
from heldout.results.reading import read
from heldout.results.reading.kinds import first_bytes
from heldout.results.reading.logs import imported, known
from heldout.results.table import Table
from heldout.store.importers.tidy import COLUMNS, Tidy, place

LOGS = Path(__file__).parent / "logs"
FILES = sorted(p for p in LOGS.rglob("*") if p.is_file())


def log(path: Path) -> Tidy:
    found = imported(path, first_bytes(path))
    assert found is not None
    return found


def table(*paths: Path) -> Table:
    found = read([str(p) for p in paths])
    assert isinstance(found, Table)
    return found


@pytest.mark.parametrize("path", FILES, ids=[str(p.relative_to(LOGS)) for p in FILES])
def test_one_importer_knows_each_log(path):
    head = first_bytes(path)
    assert sum(importer.recognises(path, head) for importer in known()) == 1
    found = log(path)
    assert set(found.columns) <= set(COLUMNS)
    assert {"system", "score"} <= set(found.columns)
    assert len({len(c) for c in found.columns.values()}) == 1


def test_inspect_agrees_with_its_own_accuracy():
    found = table(LOGS / "inspect_ai/sums.eval", LOGS / "inspect_ai/sums.json")
    log = json.loads((LOGS / "inspect_ai/sums.json").read_text())
    accuracy = log["results"]["scores"][0]["metrics"]["accuracy"]["value"]
    assert found.items is not None
    assert found.systems == ("mockllm/good", "mockllm/poor")
    assert np.mean(found.items.values[1]) == pytest.approx(accuracy)
    np.testing.assert_array_equal(found.items.values[0], [1, 1, 1, 1, 0])
    np.testing.assert_array_equal(found.items.repeats, 2)


def test_lm_eval_samples_agree_with_results():
    results = table(*LOGS.glob("lm_eval/*/results*.json"))
    samples = table(*LOGS.glob("lm_eval/*/samples*.jsonl"))
    score = {s: results.scores[i, 0, 0] for i, s in enumerate(results.systems)}
    assert score == {"toys/good": 0.8, "toys/poor": pytest.approx(0.4)}
    assert samples.items is not None
    for system, values in zip(samples.systems, samples.items.values, strict=True):
        assert np.mean(values) == pytest.approx(score[system])


def test_lm_eval_metrics_of_which_less_is_better_have_their_sign_turned(tmp_path):
    for model, perplexity in (("good", 7.0), ("bad", 20.0)):
        results = {"wikitext": {"word_perplexity,none": perplexity, "word_perplexity_stderr,none": 0.1}}
        whole = {
            "results": results,
            "model_name": model,
            "higher_is_better": {"wikitext": {"word_perplexity": False}},
        }
        (tmp_path / model).mkdir()
        (tmp_path / model / "results_1.json").write_text(json.dumps(whole))
    found = table(*tmp_path.glob("*/results_1.json"))
    assert dict(zip(found.systems, found.scores[:, 0, 0].tolist(), strict=True)) == {"good": -7.0, "bad": -20.0}
    assert any("its sign is turned" in line for line in (*found.understood, *found.warnings))


def test_a_run_with_several_logs_counts_once():
    found = table(LOGS / "stable_baselines3")
    assert (found.systems, found.tasks, found.scores.shape) == (("a2c", "ppo"), ("CartPole-v1",), (2, 2, 1))
    with np.load(LOGS / "stable_baselines3/ppo/CartPole-v1_2/evaluations.npz") as archive:
        assert found.scores[1, 1, 0] == archive["results"][-1].mean()
    assert any("other logs of the same runs" in line for line in found.warnings)


def test_monitor_is_the_mean_of_its_last_episodes():
    path = LOGS / "stable_baselines3/a2c/CartPole-v1_1/0.monitor.csv"
    returns = [float(line.split(",")[0]) for line in path.read_text().splitlines()[2:]]
    assert log(path).columns["score"] == [pytest.approx(np.mean(returns[-100:]))]


def test_event_files_of_three_writers():
    for name in ("plain", "tensor", "x"):
        found = log(LOGS / f"tensorboard/{name}_seed1/events.out.tfevents.1.toy").columns
        assert found["step"] == [0, 10, 20, 30, 40]
        np.testing.assert_allclose(found["score"], [0.5 + len(name) * s / 1000 for s in range(0, 50, 10)], rtol=1e-6)
        assert set(found["run"]) == {"1"}


def test_event_file_cut_short_ends_at_its_last_record(tmp_path):
    data = (LOGS / "tensorboard/plain_seed1/events.out.tfevents.1.toy").read_bytes()
    path = tmp_path / "events.out.tfevents.1.toy"
    for size in range(60, len(data), 37):
        path.write_bytes(data[:size])
        try:
            assert len(log(path).columns["score"]) <= 5
        except HeldoutError as error:
            lines = str(error).splitlines()
            assert len(lines) == 1


def test_event_file_that_claims_too_much_is_refused(tmp_path):
    path = tmp_path / "events.out.tfevents.1.toy"
    data = (LOGS / "tensorboard/plain_seed1/events.out.tfevents.1.toy").read_bytes()
    path.write_bytes(data + struct.pack("<QI", 1 << 50, 0))
    with pytest.raises(HeldoutError, match="damaged"):
        log(path)


def test_search_results_as_json_and_csv_agree():
    one, two = table(LOGS / "sklearn/search.json"), table(LOGS / "sklearn/search.csv")
    assert one.systems == two.systems == ("max_depth=1", "max_depth=3", "max_depth=None")
    np.testing.assert_allclose(one.scores, two.scores)
    assert one.paired
    columns = json.loads((LOGS / "sklearn/search.json").read_text())
    np.testing.assert_allclose(one.scores.mean(axis=(1, 2)), columns["mean_test_score"])


def test_histories_and_export_agree():
    one, two = table(*(LOGS / "wandb").glob("*.jsonl")), table(LOGS / "wandb/export.csv")
    a = {s: sorted(one.scores[i].ravel()) for i, s in enumerate(one.systems)}
    b = {s: sorted(two.scores[i].ravel()) for i, s in enumerate(two.systems)}
    assert a == b == {"ours": pytest.approx([0.58, 0.62]), "base": pytest.approx([0.54, 0.548])}


def test_every_eval_ever(tmp_path):
    found = table(*sorted((LOGS / "every_eval_ever").iterdir()))
    np.testing.assert_array_equal(found.scores[:, 0], [[0.8, 0.7], [0.4, 0.6]])
    turned = json.loads((LOGS / "every_eval_ever/good.json").read_text())
    turned["evaluation_results"][0]["metric_config"]["lower_is_better"] = True
    path = tmp_path / "turned.json"
    path.write_text(json.dumps(turned))
    assert log(path).columns["score"] == [-0.8, 0.7]


def archive(path: Path, members: dict[str, str], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as made:
        for name, text in members.items():
            made.writestr(name, text)
    return path


HEADER = json.dumps({"version": 2, "status": "success", "eval": {"model": "m", "task": "t"}})


def refused(path: Path, match: str) -> None:
    with pytest.raises(HeldoutError, match=match) as caught:
        log(path)
    assert "\n" not in str(caught.value)


def test_archives_that_mean_harm(tmp_path, monkeypatch):
    from heldout.store.importers import archive as module

    climbing = archive(tmp_path / "a.eval", {"header.json": HEADER, "../../evil.json": "{}"})
    refused(climbing, "points outside")
    monkeypatch.setattr(module, "MEMBER", 1000)
    bomb = archive(tmp_path / "b.eval", {"header.json": HEADER, "samples/1_epoch_1.json": " " * 100_000})
    refused(bomb, "refused")
    deep = archive(tmp_path / "c.eval", {"header.json": HEADER, "samples/1_epoch_1.json": "[" * 900})
    refused(deep, "not JSON|too deep")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.eval", "b.eval", "c.eval"]


def test_truncated_archive(tmp_path):
    data = (LOGS / "inspect_ai/sums.eval").read_bytes()
    broken = bytearray(data)
    broken[300:900] = bytes(600)
    path = tmp_path / "x.eval"
    path.write_bytes(bytes(broken))
    with pytest.raises(HeldoutError) as caught:
        read([str(path)])
    assert "\n" not in str(caught.value)
    path.write_bytes(data[: len(data) // 2])
    with pytest.raises(HeldoutError):
        read([str(path)])


def test_letters_and_failed_samples(tmp_path):
    samples = {
        f"samples/{i}_epoch_1.json": json.dumps(
            {"id": i, "epoch": 1, "scores": {"s": {"value": v}} if v else {}, "error": None}
        )
        for i, v in enumerate(("C", "I", "P", ""))
    }
    found = log(archive(tmp_path / "x.eval", {"header.json": HEADER, **samples}))
    assert found.columns["score"] == [1, 0, 0.5]
    assert "sample 3 has no score" in found.notes[0]


def test_pickled_evaluations_are_refused(tmp_path):
    path = tmp_path / "evaluations.npz"
    np.savez(path, timesteps=np.arange(2), results=np.array([{"a": 1}, None], object), allow_pickle=True)
    refused(path, "damaged")


def test_a_store(tmp_path):
    from heldout.store import open_store

    open_store(tmp_path / "s")
    with pytest.raises(HeldoutError, match="without a finished score"):
        read([str(tmp_path / "s")])


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("logs/ppo/CartPole-v1_3/evaluations.npz", ("ppo", "CartPole-v1", "3")),
        ("logs/sac_seed2/progress", ("sac", None, "2")),
        ("logs/td3/seed_4/progress", ("td3", None, "4")),
        ("logs/dqn/events", ("dqn", None, None)),
        ("logs/atlas3/events", ("atlas3", None, None)),
        ("logs/sac_s3/events", ("sac", None, "3")),
    ],
)
def test_places(tmp_path, path, expected):
    assert place(tmp_path / path) == expected


def test_a_store_with_scores(tmp_path):
    from heldout.store import Finished, open_store

    store = open_store(tmp_path / "s")
    for learner, gain in (("lstm", 0.0), ("stack", 0.25)):
        seeds, splits = [0, 1, 2], ["train", "iid"]
        keys = [(seed, split, step) for seed in seeds for split in splits for step in (5, 10)]
        records = {
            "cell": [learner] * len(keys),
            "task": ["parity"] * len(keys),
            "learner": [learner] * len(keys),
            "config": [""] * len(keys),
            "seed": [seed for seed, _, _ in keys],
            "on": [""] * len(keys),
            "split": [split for _, split, _ in keys],
            "probe": ["score"] * len(keys),
            "probe_digest": ["p"] * len(keys),
            "step": [step for _, _, step in keys],
            "value": [0.1 * seed + gain + step / 100 for seed, _, step in keys],
        }
        run = {"cell": learner, "status": "ok", "started": 1.0, "mode": "vmap", "chunk": 3, "probes": ["p"]}
        store.write(Finished(f"{learner}-0-2", [run | {"batch": learner, "seed": s} for s in seeds], records, {}, []))
    found = table(tmp_path / "s")
    assert (found.systems, found.tasks, found.paired) == (("lstm", "stack"), ("parity: iid",), True)
    np.testing.assert_allclose(found.scores[:, :, 0], [[0.1, 0.2, 0.3], [0.35, 0.45, 0.55]])


def test_mangled_logs_are_one_line_or_a_table(tmp_path):
    rng = np.random.default_rng(0)
    for path in FILES:
        data = path.read_bytes()
        for _ in range(4):
            cut, size = int(rng.integers(1, len(data))), int(rng.integers(1, 40))
            place = tmp_path / path.name
            place.write_bytes(data[:cut] + bytes(rng.integers(32, 127, 3, np.uint8)) + data[cut + size :])
            try:
                read([str(place)])
            except HeldoutError as error:
                lines = str(error).splitlines()
                assert len(lines) == 1
