"""Inspect AI: `.eval` archives and JSON logs, an item per sample, a run per epoch."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from heldout.store.importers.archive import members, names
from heldout.store.importers.tidy import Tidy, document, number, parse, tidy

LETTERS: Mapping[str, float] = {"C": 1.0, "P": 0.5, "I": 0.0, "N": 0.0}
"""What Inspect's letters are worth, as its own metrics take them: correct, partial, incorrect, no answer."""


MOST = 50
"""Notes of samples without a score that are kept."""


def recognises(path: Path, head: bytes) -> bool:
    """An archive with a header, or a JSON log with `eval` near its beginning."""
    if head.startswith(b"PK\x03\x04"):
        return any(n in ("header.json", "_journal/start.json") for n in names(path))
    start = head.lstrip()
    return (
        start.startswith(b"{") and b'"eval"' in head[:4000] and b'"version"' in head[:400] and b'"status"' in head[:400]
    )


def read(path: Path) -> Tidy:
    """Every scored sample; of several scorers each is a measure."""
    packed = path.stat().st_size if names(path) else 0
    notes: list[str] = []
    if packed:
        found = {name: parse(data, f"{path}:{name}", packed) for name, data in members(path, _header)}
        log = found.get("header.json") or found.get("_journal/start.json") or {}
        samples: Iterator[Any] = (parse(data, f"{path}:{name}", packed) for name, data in members(path, _sample))
    else:
        log = document(path)
        samples = iter(log.get("samples") or ())
    spec = log.get("eval") or {}
    if (status := log.get("status", "started")) != "success":
        notes.append(f"the evaluation ended as {str(status)[:40]!r}: only its finished samples are here")
    about = {"system": _system(spec), "task": str(spec.get("task") or "task")}
    rows = (about | row for sample in samples if isinstance(sample, Mapping) for row in _outcomes(sample, notes))
    found = tidy("Inspect AI log", rows)
    if len(notes) > MOST:
        notes[MOST:] = [f"and {len(notes) - MOST:,} more samples without a score"]
    return replace(found if found.columns else tidy("Inspect AI log", _metrics(log, about)), notes=tuple(notes))


def _header(name: str) -> bool:
    return name in ("header.json", "_journal/start.json")


def _sample(name: str) -> bool:
    return name.startswith("samples/") and name.endswith(".json")


def _system(spec: Mapping[str, Any]) -> str:
    """The model, with the arguments that make it another system."""
    arguments = spec.get("task_args") or {}
    more = ",".join(
        f"{k}={json.dumps(v)}" for k, v in sorted(arguments.items()) if isinstance(v, (str, int, float, bool))
    )
    return str(spec.get("model") or "model") + (f" ({more})" if more else "")


def _outcomes(sample: Mapping[str, Any], notes: list[str]) -> Iterator[dict[str, Any]]:
    """The scores of one sample; a sample that failed has none, and says so."""
    about = {"item": str(sample.get("id")), "run": str(sample.get("epoch", 1))}
    scores = sample.get("scores") or {}
    if not scores:
        why = "an error" if sample.get("error") else "not scored"
        notes.append(
            f"sample {about['item'][:60]} has no score ({why}): missing, not wrong" if len(notes) < MOST else ""
        )
    for scorer, score in scores.items():
        value = score.get("value") if isinstance(score, Mapping) else score
        parts = value.items() if isinstance(value, Mapping) else [("", value)]
        for part, one in parts:
            worth = LETTERS.get(one) if isinstance(one, str) else number(one)
            yield about | {"measure": f"{scorer}/{part}" if part else scorer, "score": worth}


def _metrics(log: Mapping[str, Any], about: Mapping[str, str]) -> list[dict[str, Any]]:
    """The summary's numbers, where a log has no samples."""
    scores = (log.get("results") or {}).get("scores") or []
    return [
        {**about, "measure": f"{score.get('name')}/{name}", "score": number(metric.get("value"))}
        for score in scores
        for name, metric in (score.get("metrics") or {}).items()
        if name not in ("stderr", "std", "var", "bootstrap_stderr")
    ]
