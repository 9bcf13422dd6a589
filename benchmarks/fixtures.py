"""Lets other tools write the small logs that the importers are tested on.

    pip install "heldout[bench]"
    python benchmarks/fixtures.py tests/store/importers/logs

Every file is written by the tool whose format it is, from our own toy tasks, but for three: W&B's exports come from its
server, and Every Eval Ever's package needs Python 3.12, so both are laid out here as documented; RL-Zoo's folders hold
files that Stable-Baselines3 writes, and only their places follow RL-Zoo.
"""

import csv
import json
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.update(HF_HUB_OFFLINE="1", INSPECT_DISPLAY="none")

QUESTIONS = [("2 + 2", "4"), ("3 + 5", "8"), ("7 - 4", "3"), ("6 * 7", "42"), ("9 - 9", "0")]
ANSWERS = {"good": ["4", "8", "3", "42", "1"], "poor": ["4", "9", "2", "42", "1"]}


def inspect_ai(folder: Path) -> None:
    """Two models, five samples, two epochs; one archive and one JSON log."""
    from inspect_ai import Task
    from inspect_ai import eval as evaluate
    from inspect_ai.dataset import MemoryDataset, Sample
    from inspect_ai.log import read_eval_log, write_eval_log
    from inspect_ai.model import ModelOutput, ModelUsage, get_model
    from inspect_ai.scorer import match

    for (name, answers), form in zip(ANSWERS.items(), ("eval", "json"), strict=True):
        samples = [Sample(id=f"q{i}", input=q, target=t) for i, (q, t) in enumerate(QUESTIONS)]
        outputs = [ModelOutput.from_content(name, a) for a in answers * 2]
        for output in outputs:  # else the mock counts tokens with a vocabulary from the network
            output.usage = ModelUsage(input_tokens=1, output_tokens=1, total_tokens=2)
        model = get_model(f"mockllm/{name}", custom_outputs=outputs)
        task = Task(dataset=MemoryDataset(samples, name="sums"), scorer=match(), name="sums", epochs=2)
        evaluate(
            task,
            model=model,
            log_dir=str(folder),
            log_format=form,
            max_samples=1,
            max_tasks=1,
            epochs=2,
            log_realtime=False,
        )
    for path in list(folder.iterdir()):
        log = read_eval_log(str(path))
        for sample in log.samples or []:
            sample.events, sample.messages = [], []
        log.eval.model_args = {}
        write_eval_log(log, str(folder / f"sums{path.suffix}"))
        path.unlink()


def lm_eval(folder: Path) -> None:
    """Two models on a task of our own; results and samples as the harness's tracker writes them."""
    import datasets
    from lm_eval import simple_evaluate
    from lm_eval.api.model import LM
    from lm_eval.api.task import ConfigurableTask
    from lm_eval.loggers import EvaluationTracker

    class Fixed(LM):
        def __init__(self, answers: list[str]) -> None:
            super().__init__()
            self.answers = {q: a for (q, _), a in zip(QUESTIONS, answers, strict=True)}

        def generate_until(self, requests: Any, disable_tqdm: bool = False) -> list[str]:  # noqa: ARG002 - the harness names it
            return [self.answers[r.args[0].strip()] for r in requests]

        def loglikelihood(self, requests: Any, disable_tqdm: bool = False) -> Any:
            raise NotImplementedError

        def loglikelihood_rolling(self, requests: Any, disable_tqdm: bool = False) -> Any:
            raise NotImplementedError

    rows = [{"question": q, "answer": a} for q, a in QUESTIONS]

    def dataset(**_: Any) -> Any:
        return {"test": datasets.Dataset.from_list(rows)}

    config = {
        "task": "sums",
        "custom_dataset": dataset,
        "test_split": "test",
        "output_type": "generate_until",
        "doc_to_text": "{{question}}",
        "doc_to_target": "{{answer}}",
        "generation_kwargs": {"until": ["\n"]},
        "metric_list": [{"metric": "exact_match"}],
    }
    for name, answers in ANSWERS.items():
        tracker = EvaluationTracker(output_path=str(folder))
        task = ConfigurableTask(config=config)
        found = simple_evaluate(
            model=Fixed(answers), tasks=[task], log_samples=True, evaluation_tracker=tracker, bootstrap_iters=0
        )
        samples = found.pop("samples")
        found["config"] = {"model": "fixed", "model_args": f"pretrained=toys/{name}"}
        tracker.general_config_tracker.model_name = f"toys/{name}"
        tracker.general_config_tracker.model_name_sanitized = f"toys__{name}"
        tracker.save_results_aggregated(results=found, samples=samples)
        tracker.save_results_samples(task_name="sums", samples=samples["sums"])


def stable_baselines3(folder: Path) -> None:
    """Two algorithms, two seeds, a few hundred steps of CartPole: monitor files, evaluations and TensorBoard events."""
    from stable_baselines3 import A2C, PPO
    from stable_baselines3.common.callbacks import EvalCallback
    from stable_baselines3.common.env_util import make_vec_env

    for name, algorithm in (("a2c", A2C), ("ppo", PPO)):
        for seed in (1, 2):
            place = folder / name / f"CartPole-v1_{seed}"
            env = make_vec_env("CartPole-v1", seed=seed, monitor_dir=str(place))
            watched = make_vec_env("CartPole-v1", seed=seed + 100)
            every = EvalCallback(watched, log_path=str(place), eval_freq=128, n_eval_episodes=3, verbose=0)
            model = algorithm("MlpPolicy", env, seed=seed, n_steps=64, tensorboard_log=str(place), device="cpu")
            model.learn(512, callback=every, tb_log_name="tb", log_interval=1)
            for events in place.glob("tb_*/events*"):
                if seed == 1:
                    events.rename(place / "events.out.tfevents.1.toy")
                shutil.rmtree(events.parent, ignore_errors=True)


def tensorboard(folder: Path) -> None:
    """Scalars of both kinds that torch's writer knows (a float, a tensor), and of tensorboardX."""
    import tensorboardX
    from torch.utils.tensorboard import SummaryWriter

    for name, writer in (
        ("plain", SummaryWriter(str(folder / "plain_seed1"))),
        ("tensor", SummaryWriter(str(folder / "tensor_seed1"))),
        ("x", tensorboardX.SummaryWriter(str(folder / "x_seed1"))),
    ):
        for step in range(0, 50, 10):
            more = {"new_style": True} if name == "tensor" else {}
            writer.add_scalar("eval/accuracy", 0.5 + len(name) * step / 1000, step, **more)
            writer.add_scalar("train/loss", 1.0 / (1 + step), step, **more)
        writer.close()
    for path in sorted(folder.glob("*/events*")):
        path.rename(path.with_name("events.out.tfevents.1.toy"))


def wandb(folder: Path) -> None:
    """Histories as W&B's client exports them (a row per step) and as its web page does (a column per run).

    W&B writes these from its server only, so the rows are laid out here after its documentation.
    """
    names = {"ours-seed1": 0.02, "ours-seed2": 0.03, "base-seed1": 0.01, "base-seed2": 0.012}
    histories = {
        name: [
            {"_step": s, "_runtime": 0.5 * s, "_timestamp": 1e9 + s, "accuracy": 0.5 + gain * s, "loss": 1 - gain * s}
            for s in range(5)
        ]
        for name, gain in names.items()
    }
    for name, rows in histories.items():
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with (folder / "export.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL)
        writer.writerow(["Step", *(f"{n} - {k}" for n in histories for k in ("_step", "accuracy", "accuracy__MIN"))])
        for step in range(5):
            found = [histories[n][step] for n in histories]
            writer.writerow([step, *(row[k] for row in found for k in ("_step", "accuracy", "accuracy"))])


def every_eval_ever(folder: Path) -> None:
    """Two models on two evaluations, laid out here after the published schema (0.2): its package needs Python 3.12."""
    for name, scores in (("good", (0.8, 0.7)), ("poor", (0.4, 0.6))):
        results = [
            {
                "evaluation_name": task,
                "source_data": {"dataset_name": task, "source_type": "other"},
                "metric_config": {"lower_is_better": False, "score_type": "continuous", "min_score": 0, "max_score": 1},
                "score_details": {"score": score},
            }
            for task, score in zip(("sums", "products"), scores, strict=True)
        ]
        log = {
            "schema_version": "0.2.0",
            "evaluation_id": f"toys/{name}/1",
            "retrieved_timestamp": "0",
            "source_metadata": {
                "source_type": "evaluation_run",
                "source_organization_name": "toys",
                "evaluator_relationship": "other",
            },
            "eval_library": {"name": "toys", "version": "1"},
            "model_info": {"name": name, "id": f"toys/{name}"},
            "evaluation_results": results,
        }
        (folder / f"{name}.json").write_text(json.dumps(log, indent=1), encoding="utf-8")


def sklearn(folder: Path) -> None:
    """A grid of three trees, five folds: JSON as the arrays' lists, and CSV."""
    from sklearn.datasets import make_classification
    from sklearn.model_selection import GridSearchCV
    from sklearn.tree import DecisionTreeClassifier

    x, y = make_classification(200, random_state=0)
    grid = GridSearchCV(DecisionTreeClassifier(random_state=0), {"max_depth": [1, 3, None]}, cv=5).fit(x, y)
    columns = {k: v if isinstance(v, list) else v.tolist() for k, v in grid.cv_results_.items()}
    (folder / "search.json").write_text(json.dumps(columns), encoding="utf-8")
    with (folder / "search.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows(zip(*columns.values(), strict=True))


WRITERS: tuple[Callable[[Path], None], ...] = (
    inspect_ai,
    lm_eval,
    stable_baselines3,
    tensorboard,
    wandb,
    every_eval_ever,
    sklearn,
)


def main(folder: Path, only: list[str]) -> None:
    """Write every tool's logs anew, each into a folder of its own; `only` names the tools."""
    for writer in WRITERS:
        if only and writer.__name__ not in only:
            continue
        place = folder / writer.__name__
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        writer(place)
        print(writer.__name__, sum(p.stat().st_size for p in place.rglob("*") if p.is_file()), "bytes")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute(), sys.argv[2:])
