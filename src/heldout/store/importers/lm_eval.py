"""lm-evaluation-harness: `results_*.json` (a score per task and metric) and `samples_*.jsonl` (an item per document)."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from heldout.core.errors import HeldoutError
from heldout.store.importers.tidy import Tidy, document, number, parse, tidy

ORDER = ("exact_match", "acc_norm", "acc", "pass@1", "f1", "word_perplexity")
KEYS = frozenset(
    {
        "doc_id",
        "doc",
        "target",
        "arguments",
        "resps",
        "filtered_resps",
        "filter",
        "metrics",
        "doc_hash",
        "prompt_hash",
        "target_hash",
    }
)


def recognises(path: Path, head: bytes) -> bool:
    """By the keys that the harness writes, not by the file's name alone."""
    start = head.lstrip()
    if not start.startswith(b"{"):
        return False
    if b'"doc_id"' in head and b'"filtered_resps"' in head and b'"target"' in head:
        return True
    return path.name.startswith("results") and start[:200].replace(b" ", b"").replace(b"\n", b"").startswith(
        b'{"results":{'
    )


def read(path: Path) -> Tidy:
    """Scores of results, or outcomes of samples; the system is the model that the results beside them name."""
    if path.suffix == ".jsonl" or path.name.startswith("samples_"):
        return _samples(path)
    log = document(path)
    system = _model(log, path)
    tasks = log.get("results") or {}
    groups = set(log.get("groups") or {}) | {k for k, v in (log.get("group_subtasks") or {}).items() if v}
    turned = _turned(log)
    rows = [
        row for task, scores in tasks.items() if task not in groups for row in _scores(system, task, scores, turned)
    ]
    notes = [f"groups {', '.join(sorted(groups))} left out: made of other tasks"] if groups else []
    return tidy("lm-evaluation-harness results", rows, [*notes, *_said(turned)], rank=1)


def _turned(log: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """The (task, metric) of which less is better, as the harness says."""
    said = log.get("higher_is_better") or {}
    return frozenset((t, m) for t, of in said.items() for m, higher in (of or {}).items() if higher is False)


def _said(turned: frozenset[tuple[str, str]]) -> list[str]:
    metrics = ", ".join(sorted({metric for _, metric in turned}))
    return [f"lower is better of {metrics}: its sign is turned"] if turned else []


def _model(log: Mapping[str, Any], path: Path) -> str:
    config = log.get("config") or {}
    arguments = config.get("model_args")
    inside = arguments if isinstance(arguments, Mapping) else dict(re.findall(r"(\w+)=([^,]+)", str(arguments or "")))
    found = log.get("model_name") or inside.get("pretrained") or inside.get("model") or config.get("model")
    return str(found or path.parent.name)


def _scores(
    system: str, task: str, scores: Mapping[str, Any], turned: frozenset[tuple[str, str]]
) -> Iterator[dict[str, Any]]:
    """`"acc,none": 0.5` is the metric acc under the filter none; standard errors are no scores."""
    for name, value in scores.items():
        metric, _, sieve = name.partition(",")
        if (
            "stderr" in metric
            or number(value) is None
            or metric in ("alias", "sample_len", "samples", "name", "sample_count")
        ):
            continue
        measure = metric if sieve in ("", "none") else f"{metric} ({sieve})"
        sign = -1 if (task, metric) in turned else 1
        yield {"system": system, "task": task, "measure": measure, "score": sign * value}


def _samples(path: Path) -> Tidy:
    """One row per document, metric and filter; repeats share the document's id."""
    task = re.sub(r"^samples_|_\d{4}-\d\d-\d\dT.*$", "", path.stem)
    beside = sorted(path.parent.glob("results*.json"))
    log = document(beside[-1]) if beside else {}
    system, turned = _model(log, path) if beside else path.parent.name, _turned(log)
    turned = frozenset(pair for pair in turned if pair[0] == task)
    try:
        with path.open("rb") as file:
            samples = (parse(line, str(path)) for line in file if line.strip())
            outcomes = (o for s in samples for o in _outcomes(s, system, task, turned))
            return tidy("lm-evaluation-harness samples", outcomes, _said(turned))
    except OSError as error:
        raise HeldoutError(f"{path}: cannot be read ({error.strerror or error})") from error


def _outcomes(sample: Any, system: str, task: str, turned: frozenset[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    if not isinstance(sample, Mapping):
        return
    sieve = sample.get("filter", "none")
    names = [n for n in (sample.get("metrics") or sample) if n not in KEYS]
    for name in sorted(names, key=lambda n: ORDER.index(n) if n in ORDER else len(ORDER)):
        value = number(sample.get(name))
        if value is not None:
            measure = name if sieve in ("", "none") else f"{name} ({sieve})"
            yield {
                "system": system,
                "task": task,
                "item": str(sample.get("doc_id")),
                "measure": measure,
                "score": -value if (task, name) in turned else value,
            }
