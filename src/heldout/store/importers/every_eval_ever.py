"""Every Eval Ever JSON: one model's scores on several evaluations.

Tested on files laid out by hand after its published schema, not written by its own package, which needs Python 3.12.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from heldout.store.importers.tidy import Tidy, document, number, tidy


def recognises(path: Path, head: bytes) -> bool:  # noqa: ARG001 - every importer is asked alike
    """The schema's keys."""
    return head.lstrip().startswith(b"{") and b'"schema_version"' in head and b'"model_info"' in head


def read(path: Path) -> Tidy:
    """A row per evaluation result; one of which less is better has its sign turned, and says so."""
    log = document(path)
    model = log.get("model_info") or {}
    system = str(model.get("id") or model.get("name") or path.stem)
    rows, notes = [], []
    for result in log.get("evaluation_results") or ():
        config = result.get("metric_config") or {}
        score = number((result.get("score_details") or {}).get("score"))
        task = _task(result, log)
        if config.get("has_unknown_level") and score == -1:
            score = None
        if config.get("lower_is_better") and score is not None:
            score = -score
            notes.append(f"lower is better on {task}: its sign is turned")
        measure = config.get("metric_name") or config.get("metric_id") or config.get("evaluation_description")
        rows.append(
            {"system": system, "task": task, "measure": measure if config.get("metric_name") else None, "score": score}
        )
    return tidy("Every Eval Ever", rows, notes)


def _task(result: Mapping[str, Any], log: Mapping[str, Any]) -> str:
    source = result.get("source_data") or log.get("source_data") or {}
    dataset = source.get("dataset_name") if isinstance(source, Mapping) else None
    name = str(result.get("evaluation_name") or dataset or "evaluation")
    return name if not dataset or dataset == name else f"{dataset}/{name}"
